use crate::app::Operator;
use crate::app::audit::log;
use crate::app::proofs::{self, About, RECOVERY_FOR};
use crate::app::users::{UserProblem, find};
use crate::base::Secret;
use crate::domain::{Event, ProofKind, User};
use crate::store::{audit, proofs as queries};

/// Makes a link with which a person sets a new password, once, for an operator to hand over. It
/// takes the place of the one made before. It gives the path, without the issuer.
///
/// # Errors
/// When there is no such account, or the store fails.
pub async fn make_link(
    on: Operator<'_>,
    name: &str,
) -> Result<(User, Secret<String>), UserProblem> {
    let user = find(on.store, name).await?;
    let about = About {
        kind: ProofKind::RecoveryLink,
        user: Some(user.id),
        address: None,
        valid_for: RECOVERY_FOR,
    };
    let (proof, link) = proofs::make(about, on.clock.now(), on.entropy);
    let row = on.occasion().of(&Event::RecoveryLinkMade { user: user.id });
    let noted = row.clone();
    let stored = on.store.write("make recovery link", move |db| {
        queries::put_proof(db, &proof)?;
        audit::record(db, &noted)
    });
    stored.await.map_err(crate::app::Fault::from)?;
    log(&row);
    Ok((user, Secret::new(format!("/recover/link/{}", link.expose()))))
}
