use std::sync::atomic::{AtomicU64, Ordering};

use argon2::{Argon2, Block, Params};
use aws_lc_rs::pbkdf2;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use unicode_normalization::UnicodeNormalization as _;

use super::password_hash::{Argon2Form, Form};
use super::{Argon2Cost, PasswordError, PasswordHash, Verified};
use crate::base::{Secret, constant_time_eq};

const OUTPUT: usize = 32;

/// What was computed so far.
#[derive(Default)]
pub(super) struct Computed {
    /// Hashes of any kind.
    pub(super) runs: AtomicU64,
    /// KiB of memory times passes over it, of the argon2 among them.
    pub(super) work: AtomicU64,
}

/// Computes hashes. It keeps the memory of one thread from hash to hash.
pub(super) struct Hasher<'a> {
    blocks: Vec<Block>,
    cost: Argon2Cost,
    computed: &'a Computed,
}

impl<'a> Hasher<'a> {
    pub(super) fn new(cost: Argon2Cost, computed: &'a Computed) -> Self {
        Self { blocks: Vec::new(), cost, computed }
    }

    /// Hashes a new password.
    pub(super) fn hash(
        &mut self,
        password: &Secret<String>,
        salt: &[u8],
    ) -> Result<PasswordHash, PasswordError> {
        let Argon2Cost { memory_kib, passes } = self.cost;
        let form = self.present(salt.to_vec());
        let normal = normalized(password);
        let output = self.argon2(normal.expose().as_bytes(), &form).ok_or(PasswordError::Failed)?;
        let (salt, output) = (STANDARD_NO_PAD.encode(salt), STANDARD_NO_PAD.encode(output));
        let text = format!("$argon2id$v=19$m={memory_kib},t={passes},p=1${salt}${output}");
        Ok(PasswordHash::new(text))
    }

    /// Compares a password with a stored hash: one hash is computed, whatever is stored.
    pub(super) fn verify(
        &mut self,
        password: &Secret<String>,
        stored: Option<&PasswordHash>,
    ) -> Result<Verified, PasswordError> {
        let form = stored.and_then(|stored| Form::parse(stored.as_str()).ok());
        let Some(form) = form else {
            let form = self.present(vec![0; 16]);
            let normal = normalized(password);
            self.argon2(normal.expose().as_bytes(), &form).ok_or(PasswordError::Failed)?;
            return Ok(Verified::Wrong);
        };
        let is_right = self.is_right(password, &form).ok_or(PasswordError::Failed)?;
        Ok(if is_right {
            Verified::Right { needs_rehash: !form.is_present(self.cost) }
        } else {
            Verified::Wrong
        })
    }

    fn is_right(&mut self, password: &Secret<String>, form: &Form) -> Option<bool> {
        // What other systems hashed they took as it was typed.
        let typed = password.expose().as_bytes();
        Some(match form {
            Form::Argon2(argon2) => {
                let normal = normalized(password);
                let normal = normal.expose().as_bytes();
                // One with other parameters is ours of before, or another system's.
                let is_typed_too = normal != typed && !form.is_present(self.cost);
                constant_time_eq(&self.argon2(normal, argon2)?, &argon2.output)
                    || (is_typed_too
                        && constant_time_eq(&self.argon2(typed, argon2)?, &argon2.output))
            }
            Form::Bcrypt(text) => {
                self.count(0);
                // It looks at 72 bytes, as the hash was made; the one that replaces it at a right
                // password is of the whole (R55).
                bcrypt::verify(typed, text).ok()?
            }
            Form::Pbkdf2 { algorithm, rounds, salt, output } => {
                self.count(0);
                pbkdf2::verify(*algorithm, *rounds, salt, typed, output).is_ok()
            }
            Form::Scrypt { params, salt, output } => {
                self.count(0);
                let mut computed = vec![0; output.len()];
                scrypt::scrypt(typed, salt, params, &mut computed).ok()?;
                constant_time_eq(&computed, output)
            }
        })
    }

    /// What a new hash is made with.
    fn present(&self, salt: Vec<u8>) -> Argon2Form {
        Argon2Form::present(self.cost, salt, vec![0; OUTPUT])
    }

    /// The output for `password`, as long as the one in `form`.
    fn argon2(&mut self, password: &[u8], form: &Argon2Form) -> Option<Vec<u8>> {
        let Argon2Cost { memory_kib, passes } = form.cost;
        let params = Params::new(memory_kib, passes, form.lanes, Some(form.output.len())).ok()?;
        let needed = params.block_count();
        if self.blocks.len() < needed {
            self.blocks.resize(needed, Block::default());
        }
        let mut output = vec![0; form.output.len()];
        let argon2 = Argon2::new(form.algorithm, form.version, params);
        let blocks = &mut self.blocks[..needed];
        let computed =
            argon2.hash_password_into_with_memory(password, &form.salt, &mut output, blocks);
        self.count(u64::from(memory_kib) * u64::from(passes));
        // The memory of a dear hash from elsewhere is not kept.
        if memory_kib > self.cost.memory_kib {
            self.blocks = Vec::new();
        }
        computed.ok().map(|()| output)
    }

    fn count(&self, work: u64) {
        self.computed.runs.fetch_add(1, Ordering::Relaxed);
        self.computed.work.fetch_add(work, Ordering::Relaxed);
    }
}

/// The whole password counts, in one normal form (NIST SP 800-63B §3.1.1.2).
fn normalized(password: &Secret<String>) -> Secret<String> {
    Secret::new(password.expose().nfkc().collect())
}
