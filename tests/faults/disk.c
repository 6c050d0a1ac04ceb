/*
 * Preloaded into a program under test, a disk that can lose power and be full.
 *
 * Whatever is written into the files of a folder is noted beside: what stood there before, and
 * when a file was synced. Who undoes what was written since the last sync of each file has the
 * files as a disk without power may have left them. And while a certain file exists, nothing can
 * be written.
 *
 *   TESSERA_TEST_DISK   the folder
 *   TESSERA_TEST_NOTES  where the notes go
 *   TESSERA_TEST_FULL   the file that says that the disk is full
 *
 * A note is one byte for its kind (W write, T truncation, S sync), the length of the path (4 bytes),
 * the offset (8), the size of the file before (8), the length of what stood there (4), the path,
 * and what stood there. Numbers are in the order of the machine.
 *
 * The index of SQLite's log (-shm) is memory that happens to have a name, so it is left alone.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static int notes = -1;

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

/* The path of a file that is watched, or nothing. */
static int watched(int fd, char *path, size_t size) {
    const char *folder = getenv("TESSERA_TEST_DISK");
    char link[64];
    if (folder == NULL || fd == notes) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, size - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    size_t of_folder = strlen(folder);
    if (strncmp(path, folder, of_folder) != 0 || path[of_folder] != '/') return 0;
    if (strstr(path, " (deleted)") != NULL) return 0;
    return length < 4 || strcmp(path + length - 4, "-shm") != 0;
}

static int is_full(void) {
    const char *full = getenv("TESSERA_TEST_FULL");
    return full != NULL && access(full, F_OK) == 0;
}

static void put(const void *bytes, size_t length) {
    if (REAL(write)(notes, bytes, length) != (ssize_t)length) abort();
}

/* Notes what stands from `offset` on, at most `length` bytes. The turn is ours. */
static void note(char kind, int fd, const char *path, int64_t offset, size_t length) {
    const char *name = getenv("TESSERA_TEST_NOTES");
    if (name == NULL) return;
    if (notes < 0) notes = open(name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (notes < 0) abort();
    struct stat about;
    if (fstat(fd, &about) != 0) abort();
    int64_t size = about.st_size;
    size_t stood = offset >= size ? 0 : (size_t)(size - offset);
    if (stood > length) stood = length;
    char *before = malloc(stood + 1);
    /* A descriptor for writing alone is read by its name. Not every one: closing any descriptor of a
       file gives up the locks that SQLite holds on it. */
    if (stood > 0 && pread(fd, before, stood, offset) != (ssize_t)stood) {
        int reading = open(path, O_RDONLY | O_CLOEXEC);
        if (reading < 0 || pread(reading, before, stood, offset) != (ssize_t)stood) abort();
        close(reading);
    }
    uint32_t of_path = (uint32_t)strlen(path), of_bytes = (uint32_t)stood;
    size_t whole = 1 + 4 + 8 + 8 + 4 + of_path + of_bytes, at = 0;
    char *record = malloc(whole);
#define ADD(from, count) (memcpy(record + at, from, count), at += (count))
    ADD(&kind, 1);
    ADD(&of_path, 4);
    ADD(&offset, 8);
    ADD(&size, 8);
    ADD(&of_bytes, 4);
    ADD(path, of_path);
    ADD(before, of_bytes);
    put(record, whole);
    free(record);
    free(before);
}

static int64_t place_of(int fd) {
    int flags = fcntl(fd, F_GETFL);
    struct stat about;
    if (flags >= 0 && (flags & O_APPEND) && fstat(fd, &about) == 0) return about.st_size;
    return lseek(fd, 0, SEEK_CUR);
}

static ssize_t written(int fd, const void *bytes, size_t count, off64_t offset, int is_at) {
    char path[4096];
    int is_watched = watched(fd, path, sizeof path);
    ssize_t done;
    if (is_watched && is_full()) {
        errno = ENOSPC;
        return -1;
    }
    if (is_watched) {
        pthread_mutex_lock(&turn);
        note('W', fd, path, is_at ? offset : place_of(fd), count);
    }
    done = is_at ? REAL(pwrite64)(fd, bytes, count, offset) : REAL(write)(fd, bytes, count);
    if (is_watched) pthread_mutex_unlock(&turn);
    return done;
}

ssize_t write(int fd, const void *bytes, size_t count) {
    return written(fd, bytes, count, 0, 0);
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset) {
    return written(fd, bytes, count, offset, 1);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t offset) {
    return written(fd, bytes, count, offset, 1);
}

static int truncated(int fd, off64_t size) {
    char path[4096];
    if (!watched(fd, path, sizeof path)) return REAL(ftruncate64)(fd, size);
    pthread_mutex_lock(&turn);
    note('T', fd, path, size, SIZE_MAX);
    int done = REAL(ftruncate64)(fd, size);
    pthread_mutex_unlock(&turn);
    return done;
}

int ftruncate(int fd, off_t size) { return truncated(fd, size); }
int ftruncate64(int fd, off64_t size) { return truncated(fd, size); }

static int synced(int fd, int (*sync)(int)) {
    char path[4096];
    if (!watched(fd, path, sizeof path)) return sync(fd);
    pthread_mutex_lock(&turn);
    int done = sync(fd);
    if (done == 0) note('S', fd, path, 0, 0);
    pthread_mutex_unlock(&turn);
    return done;
}

int fsync(int fd) { return synced(fd, REAL(fsync)); }
int fdatasync(int fd) { return synced(fd, REAL(fdatasync)); }
