//! The standard claims that a person may set for themselves.

use super::{Address, StandardClaims};

/// A claim that a person may set for themselves, or a part of their address. Nothing else of an
/// account can be named by a form (`security.md` R111): not who they sign in as, no e-mail address,
/// no group, and nothing that says that something was verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EditableClaim {
    /// `name`
    Name,
    /// `given_name`
    GivenName,
    /// `middle_name`
    MiddleName,
    /// `family_name`
    FamilyName,
    /// `nickname`
    Nickname,
    /// `picture`
    Picture,
    /// `profile`
    Profile,
    /// `website`
    Website,
    /// `gender`
    Gender,
    /// `birthdate`
    Birthdate,
    /// `locale`
    Locale,
    /// `zoneinfo`
    Zoneinfo,
    /// `phone_number`
    PhoneNumber,
    /// `formatted` of `address`
    Formatted,
    /// `street_address` of `address`
    StreetAddress,
    /// `locality` of `address`
    Locality,
    /// `region` of `address`
    Region,
    /// `postal_code` of `address`
    PostalCode,
    /// `country` of `address`
    Country,
}

impl EditableClaim {
    /// Every one, in the order of the page.
    pub const ALL: [Self; 19] = [
        Self::Name,
        Self::GivenName,
        Self::MiddleName,
        Self::FamilyName,
        Self::Nickname,
        Self::Picture,
        Self::Profile,
        Self::Website,
        Self::Gender,
        Self::Birthdate,
        Self::Locale,
        Self::Zoneinfo,
        Self::PhoneNumber,
        Self::Formatted,
        Self::StreetAddress,
        Self::Locality,
        Self::Region,
        Self::PostalCode,
        Self::Country,
    ];

    /// The name of the claim or of the part (OpenID Connect Core §5.1, §5.1.1), and of its field.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::GivenName => "given_name",
            Self::MiddleName => "middle_name",
            Self::FamilyName => "family_name",
            Self::Nickname => "nickname",
            Self::Picture => "picture",
            Self::Profile => "profile",
            Self::Website => "website",
            Self::Gender => "gender",
            Self::Birthdate => "birthdate",
            Self::Locale => "locale",
            Self::Zoneinfo => "zoneinfo",
            Self::PhoneNumber => "phone_number",
            Self::Formatted => "formatted",
            Self::StreetAddress => "street_address",
            Self::Locality => "locality",
            Self::Region => "region",
            Self::PostalCode => "postal_code",
            Self::Country => "country",
        }
    }

    /// Whether it may have several lines.
    pub const fn has_lines(self) -> bool {
        matches!(self, Self::Formatted | Self::StreetAddress)
    }

    /// Its value among `claims`.
    pub fn of(self, claims: &StandardClaims) -> Option<&str> {
        let address = claims.address.as_ref();
        match self {
            Self::Name => claims.name.as_deref(),
            Self::GivenName => claims.given_name.as_deref(),
            Self::MiddleName => claims.middle_name.as_deref(),
            Self::FamilyName => claims.family_name.as_deref(),
            Self::Nickname => claims.nickname.as_deref(),
            Self::Picture => claims.picture.as_deref(),
            Self::Profile => claims.profile.as_deref(),
            Self::Website => claims.website.as_deref(),
            Self::Gender => claims.gender.as_deref(),
            Self::Birthdate => claims.birthdate.as_deref(),
            Self::Locale => claims.locale.as_deref(),
            Self::Zoneinfo => claims.zoneinfo.as_deref(),
            Self::PhoneNumber => claims.phone_number.as_deref(),
            Self::Formatted => address?.formatted.as_deref(),
            Self::StreetAddress => address?.street_address.as_deref(),
            Self::Locality => address?.locality.as_deref(),
            Self::Region => address?.region.as_deref(),
            Self::PostalCode => address?.postal_code.as_deref(),
            Self::Country => address?.country.as_deref(),
        }
    }

    /// Sets it among `claims`, or takes it out. An address without parts goes.
    pub fn set(self, claims: &mut StandardClaims, value: Option<String>) {
        let mut address = claims.address.take().unwrap_or_default();
        let place = match self {
            Self::Name => &mut claims.name,
            Self::GivenName => &mut claims.given_name,
            Self::MiddleName => &mut claims.middle_name,
            Self::FamilyName => &mut claims.family_name,
            Self::Nickname => &mut claims.nickname,
            Self::Picture => &mut claims.picture,
            Self::Profile => &mut claims.profile,
            Self::Website => &mut claims.website,
            Self::Gender => &mut claims.gender,
            Self::Birthdate => &mut claims.birthdate,
            Self::Locale => &mut claims.locale,
            Self::Zoneinfo => &mut claims.zoneinfo,
            Self::PhoneNumber => &mut claims.phone_number,
            Self::Formatted => &mut address.formatted,
            Self::StreetAddress => &mut address.street_address,
            Self::Locality => &mut address.locality,
            Self::Region => &mut address.region,
            Self::PostalCode => &mut address.postal_code,
            Self::Country => &mut address.country,
        };
        *place = value;
        claims.address = (address != Address::default()).then_some(address);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_a_place_of_its_own() {
        let mut claims = StandardClaims::default();
        for claim in EditableClaim::ALL {
            claim.set(&mut claims, Some(claim.as_str().to_owned()));
        }
        for claim in EditableClaim::ALL {
            assert_eq!(claim.of(&claims), Some(claim.as_str()));
            claim.set(&mut claims, None);
        }
        assert_eq!(claims, StandardClaims::default(), "an address without parts is none");
    }
}
