//! The raw limit of this machine: what the same web framework, allocator-free of any product, does
//! that only parses, signs and answers.

use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::web::{Data, Form};
use actix_web::{App, HttpResponse, HttpServer, web};
use anyhow::{Result, anyhow};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair as RsaKeyPair, KeySize};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, RSA_PKCS1_SHA256};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::json;

#[derive(Deserialize)]
struct Asked {
    grant_type: String,
    client_id: String,
}

/// Answers `GET /hello` with a word, and `POST /token` with a JWT signed by ES256.
pub fn serve(listen: &str) -> Result<()> {
    let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)
        .map_err(|_| anyhow!("no key could be made"))?;
    let key = Data::from(Arc::new(key));
    actix_web::rt::System::new().block_on(async {
        HttpServer::new(move || {
            App::new()
                .app_data(key.clone())
                .route("/hello", web::get().to(async || "Hello"))
                .route("/token", web::post().to(token))
        })
        .workers(2)
        .bind(listen)?
        .run()
        .await
    })?;
    Ok(())
}

async fn token(asked: Form<Asked>, key: Data<EcdsaKeyPair>) -> HttpResponse {
    let now = std::time::SystemTime::now();
    let now = now.duration_since(std::time::UNIX_EPOCH).unwrap_or_default().as_secs();
    let header = json!({ "typ": "at+jwt", "alg": "ES256", "kid": "raw" });
    let claims = json!({
        "iss": "http://localhost", "sub": asked.client_id, "aud": "https://api.example.com",
        "client_id": asked.client_id, "iat": now, "exp": now + 3600, "jti": now,
        "scope": asked.grant_type,
    });
    let signed = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(header.to_string()),
        URL_SAFE_NO_PAD.encode(claims.to_string())
    );
    let Ok(signature) = key.sign(&SystemRandom::new(), signed.as_bytes()) else {
        return HttpResponse::InternalServerError().finish();
    };
    let token = format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature));
    HttpResponse::Ok().json(json!({
        "access_token": token, "token_type": "Bearer", "expires_in": 3600,
    }))
}

/// RS256 signatures of 2,048 bits in a second, by both cores.
pub fn rs256_signatures(how_long: Duration) -> Result<f64> {
    let key = RsaKeyPair::generate(KeySize::Rsa2048).map_err(|_| anyhow!("no key"))?;
    let began = Instant::now();
    let counts = std::thread::scope(|scope| {
        let threads: Vec<_> =
            (0..2).map(|_| scope.spawn(|| sign_until(&key, began + how_long))).collect();
        threads.into_iter().map(|one| one.join().unwrap_or_default()).collect::<Vec<u64>>()
    });
    Ok(counts.iter().sum::<u64>() as f64 / began.elapsed().as_secs_f64())
}

fn sign_until(key: &RsaKeyPair, until: Instant) -> u64 {
    let (random, mut signature) = (SystemRandom::new(), vec![0; key.public_modulus_len()]);
    let mut count = 0;
    while Instant::now() < until {
        let message = [7; 400];
        if key.sign(&RSA_PKCS1_SHA256, &random, &message, &mut signature).is_ok() {
            count += 1;
        }
    }
    count
}
