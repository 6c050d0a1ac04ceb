"""Fills an embedded database of Tessera with many people, sessions and grants.

Each new row is a copy of the first one of its table with another id, name or secret, so nothing here
knows more of the schema than what must differ. The cookies of the first people are printed, one on each
line, to sign in with.
"""

import base64
import hashlib
import random
import sqlite3
import sys
import time
import uuid

BATCH = 20_000


def new_id(at):
    """A UUIDv7 of that instant, in milliseconds."""
    random_part = bytearray(random.randbytes(10))
    random_part[0] = 0x70 | random_part[0] & 0x0F
    random_part[2] = 0x80 | random_part[2] & 0x3F
    return at.to_bytes(6, "big") + bytes(random_part)


def text_of(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def copies(db, table, changes):
    """Inserts a copy of the first row of `table` for each of `changes`."""
    cursor = db.execute(f"SELECT * FROM {table} LIMIT 1")
    names = [column[0] for column in cursor.description]
    template = dict(zip(names, cursor.fetchone()))
    statement = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
    batch = []
    for change in changes:
        row = template | change
        batch.append([row[name] for name in names])
        if len(batch) == BATCH:
            db.executemany(statement, batch)
            db.commit()
            batch.clear()
    db.executemany(statement, batch)
    db.commit()


def main():
    path, people, grants_each, cookies = sys.argv[1], *map(int, sys.argv[2:5])
    random.seed(7)
    db = sqlite3.connect(path)
    db.execute("PRAGMA synchronous = OFF")
    db.execute("PRAGMA cache_size = -500000")
    now = int(time.time() * 1000)
    # As they would have come: over the last month.
    born = [now - (people - number) * (30 * 86_400_000 // people) for number in range(people)]
    ids = [(new_id(at), new_id(at)) for at in born]
    copies(
        db,
        "users",
        (
            {
                "id": user,
                "subject": str(uuid.uuid4()),
                "username": f"copy{number}",
                "email": f"copy{number}@example.com",
            }
            for number, (user, _) in enumerate(ids)
        ),
    )
    secrets = [random.randbytes(32) for _ in range(cookies)]
    other = text_of(hashlib.sha256(b"nobody").digest())

    def digest(number):
        return text_of(hashlib.sha256(secrets[number]).digest()) if number < cookies else other

    copies(
        db,
        "sessions",
        (
            {"id": session, "user_id": user, "secret_digest": digest(number)}
            for number, (user, session) in enumerate(ids)
        ),
    )
    copies(
        db,
        "grants",
        (
            {"id": new_id(at), "user_id": user, "session_id": session}
            for (user, session), at in zip(ids, born)
            for _ in range(grants_each)
        ),
    )
    # They have signed in to the app before.
    copies(db, "session_clients", ({"session_id": session} for _, session in ids))
    db.execute("ANALYZE")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for secret, (_, session) in zip(secrets, ids):
        print(text_of(session + secret))


main()
