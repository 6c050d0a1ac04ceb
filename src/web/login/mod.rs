//! The pages that people see.

mod factor_forms;
mod factor_views;
mod forms;
mod landing;
mod passkeys;
mod posted;
mod sign_up;
mod views;

use actix_web::web::{ServiceConfig, get, post, resource, route};

use super::errors;

pub(super) use landing::app_tile;
pub(super) use sign_up::{error as sign_up_error, person_page as sign_up_person_page};
pub(super) use views::{account_view, step};

pub(super) fn routes(config: &mut ServiceConfig) {
    let refused = || route().to(errors::method_not_allowed);
    config
        .service(resource("/").route(get().to(landing::landing)).default_service(refused()))
        .service(resource("/sign-in").route(get().to(landing::sign_in)).default_service(refused()))
        .service(resource("/i/{id}").route(get().to(forms::show)).default_service(refused()))
        .service(
            resource("/i/{id}/sign-in")
                .route(get().to(forms::show_sign_in))
                .route(post().to(forms::sign_in))
                .default_service(refused()),
        )
        .service(
            resource("/i/{id}/sign-up")
                .route(get().to(sign_up::show))
                .route(post().to(sign_up::ask))
                .default_service(refused()),
        )
        .service(
            resource("/i/{id}/sign-up/code")
                .route(get().to(sign_up::show_code))
                .route(post().to(sign_up::by_code))
                .default_service(refused()),
        )
        .service(
            resource("/i/{id}/ways")
                .route(get().to(factor_forms::show_ways))
                .default_service(refused()),
        )
        .service(
            resource("/i/{id}/totp")
                .route(get().to(factor_forms::show_totp))
                .route(post().to(factor_forms::totp))
                .default_service(refused()),
        )
        .service(
            resource("/i/{id}/recovery")
                .route(get().to(factor_forms::show_recovery))
                .route(post().to(factor_forms::recovery))
                .default_service(refused()),
        )
        .service(
            resource("/i/{id}/set-up-totp")
                .route(get().to(forms::show))
                .route(post().to(factor_forms::set_up_totp))
                .default_service(refused()),
        )
        .service(
            resource("/i/{id}/passkey/sign-in")
                .route(get().to(forms::show))
                .route(post().to(passkeys::sign_in))
                .default_service(refused()),
        )
        .service(
            resource("/i/{id}/passkey/confirm")
                .route(get().to(factor_forms::show_passkey))
                .route(post().to(passkeys::confirm))
                .default_service(refused()),
        )
        .service(
            resource("/i/{id}/passkey/set-up")
                .route(get().to(forms::show))
                .route(post().to(passkeys::set_up))
                .default_service(refused()),
        )
        .service(
            resource("/i/{id}/passkey/enrol")
                .route(get().to(forms::show))
                .route(post().to(passkeys::enrol))
                .default_service(refused()),
        )
        .service(
            resource("/i/{id}/passkey/decline")
                .route(get().to(forms::show))
                .route(post().to(passkeys::decline))
                .default_service(refused()),
        )
        .service(
            resource("/i/{id}/restart").route(get().to(forms::restart)).default_service(refused()),
        )
        .service(
            resource("/i/{id}/account")
                .route(get().to(forms::show_accounts))
                .route(post().to(forms::choose))
                .default_service(refused()),
        )
        .service(
            resource("/i/{id}/new-password")
                .route(get().to(forms::show))
                .route(post().to(forms::choose_password))
                .default_service(refused()),
        )
        .service(
            resource("/i/{id}/keep")
                .route(get().to(forms::show))
                .route(post().to(forms::keep))
                .default_service(refused()),
        )
        .service(
            resource("/i/{id}/consent")
                .route(get().to(forms::show))
                .route(post().to(forms::consent))
                .default_service(refused()),
        );
}
