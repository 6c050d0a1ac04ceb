# French. The pages address people formally, and avoid words that would need their gender.

dev-ribbon = Mode développement
insecure-note = Cette page n'est pas protégée par https. C'est acceptable sur votre propre machine, et nulle part ailleurs.
languages = Langues
error-prefix = Erreur :
reference = Référence
copy = Copier
copied = Copié
continue = Continuer
continue-to = Continuer vers { $app }
back-to = Retour à { $app }
go-home = Aller à vos applications
try-again = Réessayer
new = Nouveau
sign-out = Se déconnecter

sign-in-heading = Se connecter
sign-in-title = Se connecter à { $app }
sign-in-lead = pour continuer vers
sign-in-button = Se connecter
confirm-heading = { $app } vous demande de confirmer qu'il s'agit de vous
confirm-heading-own = Confirmez qu'il s'agit de vous
identifier-label = E-mail ou nom d'utilisateur
password-label = Mot de passe
show = Afficher
hide = Masquer
show-password = Afficher le mot de passe
hide-password = Masquer le mot de passe
caps-lock = La touche Verr. Maj est active.
remember = Garder la session ouverte sur cet appareil
not-you = Ce n'est pas vous ? Utiliser un autre compte
back-to-accounts = Retour à vos comptes
stale-form = Cette page est restée ouverte un moment. Connectez-vous de nouveau pour continuer.
error-wrong-credentials = L'e-mail ou le mot de passe ne correspond pas. Vérifiez les deux et réessayez.
error-incomplete = Saisissez votre e-mail ou nom d'utilisateur et votre mot de passe.
error-too-many-tries = Trop d'essais. Réessayez dans { $wait }.
error-busy = Beaucoup de personnes se connectent en ce moment. Réessayez dans { $wait }.
wait-seconds = { $count ->
    [one] { $count } seconde
   *[other] { $count } secondes
 }
wait-minutes = { $count ->
    [one] { $count } minute
   *[other] { $count } minutes
 }

accounts-heading = Choisir un compte
already-heading = Votre session est déjà ouverte
continue-as = Continuer avec le compte { $name }
other-account = Utiliser un autre compte

consent-title = Autoriser { $app } ?
consent-heading = { $app } veut utiliser votre compte
app-unverified = Votre administration n'a pas vérifié cette application : elle s'est inscrite elle-même.
consent-host = Vous retournerez ensuite à
consent-asks = { $app } pourra
consent-lifetime = Cet accès prend fin quand vous vous déconnectez.
consent-lifetime-offline = Cet accès continue après la déconnexion, jusqu'à ce que vous le retiriez, et pendant { $count ->
    [one] { $count } jour
   *[other] { $count } jours
  } au plus.
consent-note = N'acceptez que si vous faites confiance à { $app }. Votre mot de passe ne lui est pas montré.
signed-in-as = Compte utilisé
switch-account = Changer de compte
allow = Autoriser
deny = Refuser
privacy-policy = Confidentialité
terms = Conditions d'utilisation
scope-openid = Savoir qui vous êtes
scope-profile = Voir votre nom, votre nom d'utilisateur et votre photo
scope-email = Voir votre adresse e-mail
scope-phone = Voir votre numéro de téléphone
scope-address = Voir votre adresse postale
scope-groups = Voir à quels groupes vous appartenez
scope-offline-access = Garder cet accès quand vous n'utilisez pas l'application, jusqu'à ce que vous le retiriez
scope-other = Autre accès : { $scope }

hand-off-heading = Retour vers { $app }
hand-off-ask-heading = Continuer vers { $app } ?
hand-off-heading-unknown = Retour vers l'application
hand-off-ask = L'application a demandé quelque chose qui n'a pas pu être fait. Continuez seulement si vous connaissez { $host }.
hand-off-text = Cela prend un instant. Utilisez le lien si rien ne se passe.
form-post-text = Encore une étape : envoyer la réponse à l'application.

apps-heading = Vos applications
apps-empty = Aucune application n'a encore de page d'accueil ici. Ouvrez directement une application, elle vous reconnaîtra.
welcome-heading = Bienvenue sur { $brand }
welcome-text = Connectez-vous une fois, et chaque application reliée sait qui vous êtes.

sign-out-heading = Se déconnecter de { $brand } ?
sign-out-asked = { $app } demande votre déconnexion.
sign-out-text = Dans ce navigateur, la déconnexion vaut pour toutes les applications qui utilisent cette connexion.
sign-out-told = Ces applications seront averties :
sign-out-button = Se déconnecter
stay-signed-in = Garder la session
signed-out-heading = La déconnexion est faite
signed-out-text = Sur un ordinateur partagé, fermez aussi le navigateur.
signed-out-told = Ces applications sont en train d'être averties :
signed-out-frame = Avertissement d'une application

not-found-heading = Nous ne trouvons pas cette page
not-found-text = Le lien est peut-être ancien, ou l'adresse contient une faute de frappe.
method-heading = Cette page ne s'ouvre pas de cette façon
method-text = Repartez de vos applications.
forged-heading = Ce formulaire vient d'ailleurs
forged-text = Pour votre sécurité, nous acceptons seulement les formulaires de nos propres pages. Repartez de l'application d'où vous venez.
expired-heading = Cela a pris trop de temps
expired-text = Repartez de l'application d'où vous venez. Rien n'est perdu.
cookie-heading = Votre navigateur a bloqué un cookie dont nous avons besoin
cookie-text = La connexion a besoin d'un cookie de ce site. Autorisez-le dans les réglages de votre navigateur, puis réessayez.
loop-heading = { $app } vous renvoie sans cesse ici
loop-text = Votre session est ouverte, mais { $app } ne termine pas la connexion. Attendez une minute et réessayez. Si cela continue, parlez-en à son assistance.
too-large-heading = C'était trop à la fois
too-large-text = La demande est plus grande que ce que nous acceptons. Repartez de l'application d'où vous venez.
bad-request-heading = Nous ne pouvons pas lire cette demande
bad-request-text = Repartez de l'application d'où vous venez.
fault-heading = Un problème est survenu de notre côté
fault-text = Réessayez dans un instant. Si cela se reproduit, donnez à l'assistance la référence ci-dessous.
busy-heading = Il y a beaucoup de monde
busy-text = Réessayez dans { $wait }.
too-many-heading = Trop d'essais
too-many-text = Trop de demandes sont venues de votre réseau. Réessayez dans { $wait }.
maintenance-heading = De retour bientôt
maintenance-text = Le service est en entretien. Réessayez dans quelques minutes.

request-heading = Ce lien de { $app } ne fonctionne pas
request-heading-unknown = Ce lien ne fonctionne pas
request-text = L'application est mal configurée, et votre compte n'a aucun problème. Prévenez les personnes qui s'occupent de l'application.
request-text-gone = Cette connexion a pris trop de temps ou était déjà terminée, et votre compte n'a aucun problème. Retournez à l'application et connectez-vous de nouveau.
request-text-disabled = L'application est désactivée ici, et votre compte n'a aucun problème. Prévenez les personnes qui s'occupent de l'application.
request-developer = Pour le développement de { $app }
request-developer-unknown = Pour le développement de l'application
error-code = Code d'erreur
what-is-wrong = Ce qui ne va pas
received = Reçu
how-to-fix = Comment le corriger
time-utc = Heure (UTC)
time-here = votre heure
rule-unknown-client = Aucun client n'a ce client_id.
rule-disabled-client = Le client est désactivé.
rule-missing-client = Le paramètre client_id manque.
rule-repeated = Le paramètre { $name } figure plus d'une fois.
rule-pushed-request-gone = La request_uri est inconnue, expirée, déjà utilisée, ou a été donnée à un autre client.
rule-missing-redirect = Le paramètre redirect_uri manque.
difference-trailing-slash = La redirect_uri diffère d'une adresse enregistrée par une seule barre oblique à la fin.
difference-scheme = La redirect_uri diffère d'une adresse enregistrée par le seul schéma (http ou https).
difference-port = La redirect_uri diffère d'une adresse enregistrée par le seul port.
difference-host-case = La redirect_uri diffère d'une adresse enregistrée par les seules majuscules et minuscules ou par la façon de l'écrire.
difference-host = La redirect_uri diffère d'une adresse enregistrée par le seul hôte.
difference-path = La redirect_uri diffère d'une adresse enregistrée par le seul chemin.
difference-query = La redirect_uri diffère d'une adresse enregistrée par la seule chaîne de requête.
difference-localhost = La redirect_uri indique localhost là où une adresse de bouclage est enregistrée, ou l'inverse.
difference-fragment = La redirect_uri contient un fragment (#…), ce qui n'est pas permis.
difference-other = La redirect_uri n'est pas enregistrée pour ce client.
fix-unknown-client = Comparez client_id avec celui qui a été affiché à la création du client.
fix-disabled-client = Demandez à l'exploitant d'activer le client.
fix-missing-client = Envoyez client_id avec la demande.
fix-repeated = Envoyez chaque paramètre une seule fois.
fix-pushed-request-gone = Envoyez de nouveau la demande à /par, puis le navigateur dans le délai indiqué par expires_in.
fix-missing-redirect = Envoyez redirect_uri avec la demande, exactement comme elle est enregistrée.
fix-redirect = Enregistrez cette adresse pour le client, ou envoyez une adresse enregistrée. Les adresses sont comparées octet par octet.

totp-heading = Saisissez le code de votre application
totp-label = Code à 6 chiffres
totp-wrong = Ce code ne correspond pas, a déjà servi ou a expiré. Attendez le suivant.
totp-step-up = Votre session est ouverte. Cette application demande aussi votre second facteur.
totp-setup-heading = Configurez une application d'authentification
totp-setup-asked = { $app } a besoin d'un second facteur pour vous laisser entrer.
totp-setup-lead = Désormais, une application sur votre téléphone vous donne un code pour vous connecter.
totp-setup-wrong = Ce code ne correspond pas. Vérifiez l'heure de votre téléphone, et saisissez le code que l'application affiche maintenant.
totp-setup-button = Confirmer
totp-scan = Scannez ceci avec votre application d'authentification
totp-key = Ou saisissez cette clé dans l'application :
recovery-heading = Saisissez l'un de vos codes de secours
recovery-label = Code de secours
recovery-wrong = Ce code ne correspond pas ou a déjà servi. Chaque code sert une seule fois.
recovery-codes-heading = Gardez ces codes en lieu sûr
recovery-codes-lead = Chaque code vous connecte une fois quand vous n'avez pas votre téléphone. Ils ne sont affichés que maintenant.
recovery-codes-download = Télécharger les codes

passkey-sign-in-button = Se connecter avec une clé d'accès
passkey-refused = Cette clé d'accès n'a pas pu être utilisée. Réessayez, ou connectez-vous avec votre mot de passe.
passkey-offer-heading = Se connecter plus vite la prochaine fois
passkey-offer-text = Avec une clé d'accès, vous vous connectez avec votre empreinte, votre visage ou le verrouillage de l'écran. Il n'y a pas de mot de passe à saisir, et personne ne peut vous le soutirer.
passkey-name-label = Nom de la clé d'accès
passkey-name-default = Mon appareil
passkey-enrol-button = Créer une clé d'accès
passkey-enrol-refused = La clé d'accès n'a pas pu être ajoutée. Réessayez, ou continuez sans elle.
passkey-not-now = Pas maintenant

account-heading = Votre compte
account-password = Changer le mot de passe
account-sessions = Où vous êtes connecté
account-back = Retour à votre compte
account-others = Autres comptes dans ce navigateur
account-password-text = Vous serez déconnecté partout ailleurs, et vos applications vous demanderont de vous reconnecter.
account-current-password = Mot de passe actuel
account-new-password = Nouveau mot de passe
account-new-password-hint = Au moins { $count ->
    [one] { $count } caractère. Plusieurs mots se retiennent facilement.
   *[other] { $count } caractères. Plusieurs mots se retiennent facilement.
  }
account-password-done = Votre mot de passe a été changé. Vous êtes déconnecté partout ailleurs.
account-error-wrong = Le mot de passe actuel n’est pas le bon. Vérifiez-le et réessayez.
account-error-incomplete = Saisissez votre mot de passe actuel et un nouveau.
account-error-short = Le nouveau mot de passe doit avoir au moins { $count ->
    [one] { $count } caractère.
   *[other] { $count } caractères.
  }
account-error-long = Le nouveau mot de passe peut avoir 256 caractères au plus.
account-error-common = Le nouveau mot de passe est parmi les premiers que des attaquants essaient. Choisissez-en un autre, par exemple plusieurs mots.
account-error-context = Le nouveau mot de passe est fait de vos propres noms. Choisissez-en un autre.
account-error-breached = Le nouveau mot de passe est connu par une fuite de données d’un autre service. Choisissez-en un autre.
strength-weak = Faible : il serait vite deviné. Un mot de plus aide.
strength-fair = Moyen : avec un mot de plus, il serait plus difficile à deviner.
strength-good = Bon : il est difficile à deviner.
strength-strong = Fort : il est très difficile à deviner.
account-sessions-text = Chaque ligne est un navigateur dans lequel vous vous êtes connecté.
account-session-this = Ce navigateur
account-session-other = Un autre navigateur
account-session-since = Connecté
account-session-seen = Dernière utilisation
account-session-remembered = Reste connecté
account-session-end = Déconnecter là-bas
account-sessions-end = Déconnecter partout ailleurs
account-sessions-done = C’est fait. Les applications concernées sont prévenues.
other-way = Choisir une autre méthode
ways-heading = Comment voulez-vous confirmer votre identité ?
way-passkey = Clé d'accès
way-passkey-text = Votre empreinte, votre visage ou le verrouillage de l'écran
way-totp = Application d'authentification
way-totp-text = Un code à 6 chiffres de votre téléphone
way-recovery = Code de secours
way-recovery-text = L'un des codes que vous avez conservés
passkey-confirm-heading = Confirmez avec votre clé d'accès
passkey-confirm-text = Votre appareil demande votre empreinte, votre visage ou le verrouillage de l'écran.
passkey-confirm-button = Utiliser votre clé d'accès
passkey-confirm-refused = Cette clé d'accès n'a pas pu être utilisée. Réessayez, ou choisissez une autre méthode.
passkey-no-script = Les clés d'accès ont besoin de JavaScript. Activez-le, ou choisissez une autre méthode.
passkey-set-up-heading = Ou utilisez une clé d'accès
passkey-set-up-text = Vous confirmez avec votre empreinte, votre visage ou le verrouillage de l'écran. Aucun code à saisir.
trust-device = { $count ->
    [one] Ne plus demander sur cet appareil pendant { $count } jour
    *[other] Ne plus demander sur cet appareil pendant { $count } jours
 }
trusted-devices = Appareils de confiance
trusted-devices-text = Sur ces appareils, seul votre mot de passe est demandé.
trusted-device-this = Cet appareil
trusted-device-other = Un autre appareil
trusted-device-since = De confiance depuis
trusted-device-until = Redemande à partir du
trusted-device-end = Ne plus faire confiance

security-heading = Comment vous vous connectez
security-lead = Vos moyens d'accès à votre compte.
security-password = Mot de passe
security-set-on = Défini
security-passkeys = Clés d'accès
security-none = Aucune pour l'instant
security-totp = Application d'authentification
security-advice = Votre mot de passe suffit à ouvrir votre compte. Une clé d'accès est plus rapide, et personne ne peut vous la soutirer.
security-back = Retour à vos moyens de connexion
passkeys-empty = Vous n'avez pas encore de clé d'accès.
passkeys-add = Ajouter une clé d'accès
passkeys-done = Vos clés d'accès sont à jour.
passkeys-unavailable = Il n'y a pas de clés d'accès à cette adresse.
passkey-created = Créée
passkey-used = Dernière utilisation
passkey-unused = Pas encore utilisée
passkey-synced = Synchronisée avec vos autres appareils
passkey-one-device = Sur un seul appareil
passkey-edit = Renommer ou supprimer
passkey-edit-heading = Votre clé d'accès
passkey-rename = Enregistrer le nom
passkey-remove = Supprimer la clé d'accès
passkey-remove-heading = Supprimer cette clé d'accès ?
passkey-remove-text = { $name } ne permettra plus de vous connecter. Vous pouvez en créer une autre à tout moment.
passkey-last = Cette clé d'accès est votre seul moyen de connexion. Ajoutez-en d'abord une autre.
passkey-too-many = Vous avez le nombre maximal de clés d'accès. Supprimez-en d'abord une.
passkey-cannot = Ce navigateur ne peut pas créer de clé d'accès. Utilisez-en un autre ou activez JavaScript.
passkey-back = Retour à vos clés d'accès
totp-new-codes = Créer de nouveaux codes de secours
totp-new-codes-text = Les nouveaux codes remplacent les anciens, qui ne fonctionnent plus.
totp-remove = Supprimer l'application d'authentification
totp-remove-heading = Supprimer l'application d'authentification ?
totp-remove-text = Ensuite, la connexion par mot de passe ne demande plus de code. Vos codes de secours ne fonctionnent plus non plus.
totp-removed = L'application d'authentification est supprimée.
recovery-codes-tick = J'ai gardé ces codes
confirm-own-text = Cette page touche à la sécurité de votre compte et demande une connexion récente.
security-codes-left = { $count ->
    [one] { $count } code de secours restant
   *[other] { $count } codes de secours restants
 }

apps-search-label = Chercher dans vos applications
apps-search-button = Chercher
apps-none-found = Aucune de vos applications ne porte ce nom.
apps-show-all = Afficher toutes les applications
account-apps-empty = Vos applications seront ici dès que l'une d'elles aura une page d'accueil. D'ici là, ouvrez une application directement, elle vous reconnaîtra.
connected-heading = Applications que vous avez autorisées
connected-text = Chaque application peut utiliser votre compte comme décrit. Une application que vous retirez est déconnectée, et redemandera la prochaine fois.
connected-empty = Aucune application ne peut encore utiliser votre compte. Celles que vous autorisez seront ici.
connected-since = Depuis
connected-used = Dernière utilisation
connected-remove = Retirer
connected-remove-named = Retirer { $app }
connected-done = Retirée. L'application est en cours de déconnexion.
profile-heading = À propos de vous
profile-text = Les applications que vous autorisez voient ce que vous saisissez ici. Chaque champ peut rester vide.
profile-save = Enregistrer
profile-done = Enregistré. Les applications le verront à leur prochaine demande.
profile-errors = Rien n'est encore enregistré. Regardez les champs signalés.
profile-part-more = Plus sur vous
profile-part-contact = Téléphone et adresse
profile-name = Nom complet
profile-given-name = Prénom
profile-middle-name = Deuxième prénom
profile-family-name = Nom de famille
profile-nickname = Surnom
profile-picture = Adresse d'une image
profile-picture-hint = Elle commence par https://.
profile-page = Adresse de votre page de profil
profile-website = Site web
profile-gender = Genre
profile-birthdate = Date de naissance
profile-birthdate-hint = Année, mois et jour, comme 1990-12-31.
profile-language = Langue
profile-language-any = La langue de votre navigateur
profile-zone = Fuseau horaire
profile-zone-hint = Région et ville, comme Europe/Paris.
profile-phone = Numéro de téléphone
profile-phone-hint = Avec l'indicatif du pays, comme +44 20 7946 0000.
profile-address = Adresse, telle qu'elle figure sur une lettre
profile-street = Rue et numéro
profile-city = Ville
profile-region = État ou région
profile-postal-code = Code postal
profile-country = Pays
profile-error-text = Utilisez au plus 255 caractères, tous visibles.
profile-error-https = Saisissez une adresse qui commence par https://.
profile-error-address = Saisissez une adresse qui commence par https:// ou http://.
profile-error-birthdate = Saisissez la date sous la forme année, mois, jour, comme 1990-12-31.
profile-error-language = Choisissez une langue de la liste.
profile-error-zone = Saisissez un fuseau horaire sous la forme région et ville, comme Europe/Paris.
profile-error-phone = Saisissez le numéro avec l'indicatif du pays, comme +44 20 7946 0000.
account-session-apps = Applications utilisées :
account-session-network = Réseau
delete-heading = Supprimer votre compte
delete-at-once = Vous êtes immédiatement déconnecté partout, et plus aucune application ne peut utiliser votre compte.
delete-after = Après { $count ->
    [one] { $count } jour
   *[other] { $count } jours
  }, le compte et tout ce qu'il contient est supprimé définitivement.
delete-until = D'ici là, connectez-vous pour le garder malgré tout.
delete-button = Supprimer mon compte
delete-pending-heading = Votre compte sera supprimé
delete-pending-text = Vous l'avez demandé. Il sera supprimé définitivement le
delete-keep = Garder mon compte
delete-kept = Votre compte reste. Vos applications vous demanderont de vous reconnecter.
email-heading = Votre adresse e-mail
email-none = Aucune adresse pour l'instant
email-confirmed = Confirmée
email-unconfirmed = Pas encore confirmée
email-change = Confirmer ou changer votre adresse e-mail
email-no-mail = Aucun e-mail n'est envoyé d'ici. Adressez-vous aux responsables de ce service pour changer votre adresse.
email-verify-text = Confirmez que cette adresse est la vôtre. Un code y est envoyé.
email-new-heading = Utiliser une autre adresse
email-new-label = Nouvelle adresse e-mail
email-new-hint = Un code y est envoyé. Votre compte garde son adresse actuelle jusqu'à ce que vous ayez saisi le code.
email-sent = Un code est en route vers { $address }. Saisissez-le ici ou ouvrez le lien du message.
email-confirm-button = Confirmer
email-resend = Envoyer un nouveau code
email-done = Votre adresse e-mail est confirmée.
email-error-same = C'est déjà votre adresse, et elle est confirmée.
email-error-incomplete = Saisissez le code du message.
email-error-taken = Un autre compte a désormais cette adresse. Votre compte reste tel quel.
email-link-heading = Confirmer { $address }
email-link-text = Elle devient l'adresse du compte { $username }. Confirmez seulement si ce compte est le vôtre.
email-link-done = L'adresse est confirmée
email-link-done-text = Continuez là où vous avez commencé, quel que soit l'appareil.
email-taken-heading = Cette adresse est prise
export-heading = Vos données
export-text = Tout ce que nous savons de vous, en une archive : profil, sessions, applications, clés d'accès et seconds facteurs. Elle ne contient ni mot de passe ni secret.
export-button = Télécharger l'archive

mails-heading = Messages
mails-lead = Les 50 derniers messages de ce processus. Ils s'affichent ici parce qu'il tourne en mode développement.
mails-empty = Aucun message n'a encore été envoyé.

mail-hello = Bonjour { $name },
mail-hello-nobody = Bonjour,
mail-for-days = { $count ->
    [one] { $count } jour
   *[other] { $count } jours
 }
mail-for-hours = { $count ->
    [one] { $count } heure
   *[other] { $count } heures
 }
mail-when = Date
mail-device = Appareil
mail-network = Réseau
mail-footer = Ce message vient de { $brand }. Personne ne lit les réponses.
mail-not-asked = Si vous n'avez rien demandé, il n'y a rien à faire : sans le code, rien ne change. Ne donnez le code à personne.
mail-not-expected = Si vous n'attendiez pas ce message, il n'y a rien à faire.
mail-not-you = Si ce n'était pas vous, connectez-vous maintenant et protégez votre compte.
mail-ask-operator = Si vous n'attendiez pas ce message, adressez-vous aux responsables de { $brand }.
mail-account-button = Ouvrir mon compte
mail-verify-subject = { $code } est le code pour confirmer votre adresse
mail-verify-text = Saisissez ce code sur la page qui le demande. Il est valable { $wait }.
mail-verify-button = Confirmer mon adresse
mail-reset-subject = { $code } est le code pour un nouveau mot de passe
mail-reset-text = Saisissez ce code sur la page qui le demande pour choisir un nouveau mot de passe. Il est valable { $wait }.
mail-reset-button = Choisir un mot de passe
mail-email-changed-subject = L'adresse de votre compte a changé
mail-email-changed-from = Votre compte utilise désormais l'adresse { $address }. Les messages à son sujet n'arrivent plus ici.
mail-email-changed-to = C'est désormais l'adresse de votre compte.
mail-password-changed-subject = Votre mot de passe a changé
mail-password-changed-text = Votre compte a un nouveau mot de passe et tous les appareils ont été déconnectés.
mail-new-sign-in-subject = Nouvelle connexion à votre compte
mail-new-sign-in-text = Votre compte a été utilisé depuis un appareil ou un navigateur qu'il ne connaissait pas.
mail-factor-added-subject = Votre compte a un nouveau moyen de connexion
mail-factor-added-text = Ceci a été ajouté à votre compte : { $factor }.
mail-factor-removed-subject = Un moyen de connexion a été retiré de votre compte
mail-factor-removed-text = Ceci a été retiré de votre compte : { $factor }.
mail-disabled-subject = Votre compte est désactivé
mail-disabled-text = Personne ne peut se connecter à votre compte pour le moment et tous les appareils ont été déconnectés.
mail-deleted-subject = Votre compte a été supprimé
mail-deleted-text = Votre compte et ce qui lui appartenait ont été supprimés.
mail-taken-subject = Quelqu'un a demandé votre adresse
mail-taken-text = Quelqu'un voulait faire de cette adresse celle d'un autre compte. Elle reste au vôtre, et rien n'a changé.
mail-codes-made-subject = Votre compte a de nouveaux codes de secours
mail-codes-made-text = De nouveaux codes de secours ont été créés. Les anciens ne sont plus valables.
mail-codes-low-subject = Vos codes de secours s'épuisent
mail-codes-low-text = Un code de secours a été utilisé. Codes restants : { $count }.
mail-consent-subject = Une application peut désormais utiliser votre compte
mail-consent-text = Vous avez donné accès à cette application : { $app }. Elle s'est enregistrée elle-même, et personne ici ne l'a vérifiée.
mail-deletion-subject = Votre compte sera supprimé
mail-deletion-text = Votre compte sera définitivement supprimé le { $day }. Pour le garder, connectez-vous avant.
mail-kept-subject = Votre compte reste
mail-kept-text = Votre compte ne sera finalement pas supprimé.
mail-invitation-subject = Invitation à { $brand }
mail-invitation-text = Ouvrez cette page pour créer votre compte. L'invitation est valable { $wait }.
mail-invitation-button = Créer mon compte

setup-heading = Configurer { $brand }
setup-lead = Créez le premier compte. Il gère tout ici.
setup-checks = Ce que voit votre navigateur
setup-address-same = Vous êtes venu par l'adresse configurée, { $url }.
setup-address-other = L'adresse configurée est { $url }, et vous êtes venu par une autre.
setup-address-go = Y aller
setup-protected = La connexion est protégée, ou reste sur cette machine.
setup-unprotected = La connexion n'est pas protégée. Mettez en place https avant que d'autres personnes se connectent.
setup-username = Nom d'utilisateur
setup-username-hint = Lettres de a à z, chiffres, points, tirets et tirets bas.
setup-email = Adresse e-mail
setup-name = Votre nom (facultatif)
setup-passkey-button = Créer le compte avec une clé d'accès
setup-or-password = Ou choisissez plutôt un mot de passe.
setup-password-button = Créer le compte avec un mot de passe
setup-error-username = Le nom d'utilisateur ne peut contenir que des lettres de a à z, des chiffres, des points, des tirets et des tirets bas.
setup-error-email = L'adresse e-mail n'est pas complète. Vérifiez-la et réessayez.
setup-error-name = Le nom contient un signe qui ne peut pas figurer dans un nom. Vérifiez-le et réessayez.
setup-error-taken = Un autre compte a ce nom d'utilisateur ou cette adresse e-mail. Choisissez-en d'autres.
setup-error-no-way-in = Créez une clé d'accès ou choisissez un mot de passe, pour pouvoir vous reconnecter.
setup-error-passkey = La clé d'accès n'a pas pu être créée. Réessayez, ou choisissez un mot de passe.
setup-over-heading = Ce lien ne fonctionne plus
setup-over-text = Il a été utilisé, date de plus d'une heure ou a été remplacé. Pour un nouveau lien, exécutez ceci là où Tessera fonctionne :
setup-over-done = Tout est configuré. Connectez-vous avec le compte qui a été créé.

recover-link = Mot de passe oublié ?
recover-heading = Mot de passe oublié ?
recover-text = Saisissez votre e-mail ou nom d'utilisateur. Si un compte correspond, nous envoyons un code à son adresse.
recover-button = Envoyer un code
recover-no-mail = Aucun e-mail n'est envoyé d'ici. Adressez-vous aux responsables de ce service : ils peuvent vous donner un lien pour choisir un nouveau mot de passe.
recover-sent-heading = Consultez vos e-mails
recover-sent-text = Si un compte correspond, un message est en route. Saisissez le code qu'il contient et choisissez un nouveau mot de passe, ou ouvrez son lien.
recover-code-label = Code du message
recover-code-hint = 8 lettres et chiffres. Il est valable 30 minutes.
recover-password-heading = Choisissez un nouveau mot de passe
recover-password-text = Vous serez déconnecté partout. Connectez-vous ensuite avec le nouveau mot de passe.
recover-password-button = Enregistrer le nouveau mot de passe
recover-again = Pas de message ? Demander un nouveau code
recover-back = Retour à la connexion
recover-gone-heading = Ce lien ne fonctionne plus
recover-gone-text = Il a été utilisé, il est trop ancien ou un plus récent l'a remplacé.
recover-gone-again = Demander un nouveau code
recover-error-identifier = Saisissez votre e-mail ou nom d'utilisateur.
recover-error-code = Ce code n'est pas le bon ou n'est plus valable. Vérifiez-le ou demandez-en un nouveau.
recover-error-incomplete = Remplissez tous les champs.
