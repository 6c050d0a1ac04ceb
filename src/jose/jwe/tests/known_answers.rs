//! The examples of the specifications.

use super::*;
use crate::jose::jwe::content::{Sealed, seal};
use crate::jose::jwe::content_key::wrap;

fn bytes(text: &str) -> Vec<u8> {
    from_base64url(text).unwrap()
}

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> =
        text.chars().filter_map(|c| c.to_digit(16)).map(|digit| digit as u8).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

#[test]
fn ecdh_es_derives_the_key_of_rfc_7518_c() {
    let alice = bytes("0_NxaRPUMQoAJt50Gz8YiTr8gRTwyEaCumd-MToTmIo");
    let alice = PrivateKey::from_private_key(&ECDH_P256, &alice).unwrap();
    let bob = json!({
        "kty": "EC", "crv": "P-256",
        "x": "weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ",
        "y": "e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck",
    });
    let bob = read_public_key(bob.as_object().unwrap()).unwrap().unwrap();
    let derived = derive(&alice, &bob, "A128GCM", ["Alice", "Bob"], 16).unwrap();
    assert_eq!(to_base64url(derived.expose()), "VqqN6vgjbSBcIijNcacQGg");
}

#[test]
fn aes_cbc_with_hmac_is_that_of_rfc_7518_b_1() {
    let key: Vec<u8> = (0..32).collect();
    let content = b"A cipher system must not be required to be secret, and it must be able to \
                    fall into the hands of the enemy without inconvenience";
    let sealed = seal(
        ContentEncryption::A128CbcHs256,
        &key,
        &hex("1af38c2dc2b96ffdd86694092341bc04"),
        b"The second principle of Auguste Kerckhoffs",
        content,
    );
    let ciphertext = hex("c80edfa32ddf39d5ef00c0b468834279 a2e46a1b8049f792f76bfe54b903a9c9 \
         a94ac9b47ad2655c5f10f9aef71427e2 fc6f9b3f399a221489f16362c7032336 \
         09d45ac69864e3321cf82935ac4096c8 6e133314c54019e8ca7980dfa4b9cf1b \
         384c486f3a54c51078158ee5d79de59f bd34d848b3d69550a67646344427ade5 \
         4b8851ffb598f7f80074b9473c82e2db");
    let tag = hex("652c3fa36b0a7c5b3219fab3a30bc1c4");
    assert_eq!(sealed, Ok(Sealed { ciphertext, tag }));
}

#[test]
fn aes_gcm_is_that_of_rfc_7516_a_1() {
    let key = [
        177, 161, 244, 128, 84, 143, 225, 115, 63, 180, 3, 255, 107, 154, 212, 246, 138, 7, 110,
        91, 112, 46, 34, 105, 47, 130, 203, 46, 122, 234, 64, 252,
    ];
    let sealed = seal(
        ContentEncryption::A256Gcm,
        &key,
        &bytes("48V1_ALb6US04U3b"),
        b"eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ",
        b"The true sign of intelligence is not knowledge but imagination.",
    );
    let ciphertext = bytes(
        "5eym8TW_c8SuK0ltJ3rpYIzOeDQz7TALvtu6UG9oMo4vpzs9tX_EFShS8iB7j6jiSdiwkIr3ajwQzaBtQD_A",
    );
    assert_eq!(sealed, Ok(Sealed { ciphertext, tag: bytes("XFBoMYUZodetZdvTiFvSkQ") }));
}

#[test]
fn key_wrap_is_that_of_rfc_7516_a_3() {
    let key = [
        4, 211, 31, 197, 84, 157, 252, 254, 11, 100, 157, 250, 63, 170, 106, 206, 107, 124, 212,
        45, 111, 107, 9, 219, 200, 177, 0, 240, 143, 156, 44, 207,
    ];
    let wrapped = wrap(&key_wrap::AES_128, &bytes("GawgguFyGrWKav7AX4VKUg"), &key).unwrap();
    let expected = "6KB707dM9YTIgHtLvtgWQ8mKwboJW3of9locizkDTHzBC2IlrT1oOQ";
    assert_eq!(to_base64url(&wrapped), expected);
    let sealed = seal(
        ContentEncryption::A128CbcHs256,
        &key,
        &bytes("AxY8DCtDaGlsbGljb3RoZQ"),
        b"eyJhbGciOiJBMTI4S1ciLCJlbmMiOiJBMTI4Q0JDLUhTMjU2In0",
        b"Live long and prosper.",
    );
    let ciphertext = bytes("KDlTtXchhZTGufMYmOYGS4HffxPSUrfmqCHXaI9wOGY");
    assert_eq!(sealed, Ok(Sealed { ciphertext, tag: bytes("U0m_YmjN04DJvceFICbCVQ") }));
}
