# German. The pages address people formally.

dev-ribbon = Entwicklungsmodus
insecure-note = Diese Seite ist nicht durch https geschützt. Das ist nur auf dem eigenen Rechner in Ordnung.
languages = Sprachen
error-prefix = Fehler:
reference = Kennung
copy = Kopieren
copied = Kopiert
continue = Weiter
continue-to = Weiter zu { $app }
back-to = Zurück zu { $app }
go-home = Zu Ihren Apps
try-again = Erneut versuchen
new = Neu
sign-out = Abmelden

sign-in-heading = Anmelden
sign-in-title = Anmelden bei { $app }
sign-in-lead = um fortzufahren mit
sign-in-button = Anmelden
confirm-heading = { $app } möchte sicher sein, dass Sie es sind
confirm-heading-own = Bestätigen Sie, dass Sie es sind
identifier-label = E-Mail oder Benutzername
password-label = Passwort
show = Anzeigen
hide = Verbergen
show-password = Passwort anzeigen
hide-password = Passwort verbergen
caps-lock = Die Feststelltaste ist an.
remember = Auf diesem Gerät angemeldet bleiben
not-you = Nicht Sie? Anderes Konto verwenden
back-to-accounts = Zurück zu Ihren Konten
stale-form = Diese Seite war lange offen. Melden Sie sich neu an, um fortzufahren.
error-wrong-credentials = E-Mail oder Passwort stimmt nicht. Prüfen Sie beides und versuchen Sie es noch einmal.
error-incomplete = Geben Sie E-Mail oder Benutzername und Ihr Passwort ein.
error-too-many-tries = Zu viele Versuche. Versuchen Sie es in { $wait } wieder.
error-busy = Gerade melden sich viele an. Versuchen Sie es in { $wait } wieder.
wait-seconds = { $count ->
    [one] { $count } Sekunde
   *[other] { $count } Sekunden
 }
wait-minutes = { $count ->
    [one] { $count } Minute
   *[other] { $count } Minuten
 }

totp-heading = Geben Sie den Code aus Ihrer App ein
totp-label = 6-stelliger Code
totp-wrong = Dieser Code stimmt nicht, wurde schon benutzt oder ist abgelaufen. Warten Sie auf den nächsten.
totp-instead = Stattdessen die Authenticator-App benutzen
totp-step-up = Sie sind angemeldet. Diese App braucht auch Ihren zweiten Faktor.
totp-setup-heading = Authenticator-App einrichten
totp-setup-asked = { $app } lässt Sie nur mit einem zweiten Faktor ein.
totp-setup-lead = Von jetzt an gibt Ihnen eine App auf Ihrem Telefon einen Code zum Anmelden.
totp-setup-wrong = Dieser Code stimmt nicht. Prüfen Sie die Uhr Ihres Telefons und geben Sie den Code ein, den die App jetzt zeigt.
totp-setup-button = Bestätigen
totp-scan = Scannen Sie dies mit Ihrer Authenticator-App
totp-key = Oder geben Sie diesen Schlüssel in die App ein:
recovery-heading = Geben Sie einen Ihrer Wiederherstellungscodes ein
recovery-label = Wiederherstellungscode
recovery-wrong = Dieser Code stimmt nicht oder wurde schon benutzt. Jeder Code gilt einmal.
recovery-instead = Stattdessen einen Wiederherstellungscode benutzen
recovery-codes-heading = Bewahren Sie diese Codes sicher auf
recovery-codes-lead = Jeder Code meldet Sie einmal an, wenn Sie Ihr Telefon nicht haben. Sie werden nur jetzt angezeigt.
recovery-codes-download = Codes herunterladen
recovery-codes-onward = Ich habe sie aufbewahrt

accounts-heading = Konto wählen
already-heading = Sie sind schon angemeldet
continue-as = Weiter als { $name }
other-account = Anderes Konto verwenden

consent-title = { $app } erlauben?
consent-heading = { $app } möchte Ihr Konto verwenden
app-unverified = Diese App hat sich selbst angemeldet und wurde nicht geprüft.
consent-host = Danach geht es zurück zu
consent-asks = { $app } kann dann
consent-lifetime = Dieser Zugriff endet, wenn Sie sich abmelden.
consent-lifetime-offline = Dieser Zugriff bleibt nach dem Abmelden bestehen, bis Sie ihn zurücknehmen, höchstens { $count ->
    [one] { $count } Tag
   *[other] { $count } Tage
  }.
consent-note = Erlauben Sie das nur, wenn Sie { $app } vertrauen. Ihr Passwort sieht die App nicht.
signed-in-as = Sie sind angemeldet als
switch-account = Konto wechseln
allow = Erlauben
deny = Ablehnen
privacy-policy = Datenschutz
terms = Nutzungsbedingungen
scope-openid = wissen, wer Sie sind
scope-profile = Namen, Benutzernamen und Bild sehen
scope-email = Ihre E-Mail-Adresse sehen
scope-phone = Ihre Telefonnummer sehen
scope-address = Ihre Postanschrift sehen
scope-groups = sehen, zu welchen Gruppen Sie gehören
scope-offline-access = diesen Zugang behalten, auch wenn Sie die App nicht benutzen, bis Sie ihn entfernen
scope-other = anderer Zugang: { $scope }

hand-off-heading = Es geht weiter zu { $app }
hand-off-ask-heading = Weiter zu { $app }?
hand-off-heading-unknown = Es geht weiter zur App
hand-off-ask = Die App hat etwas gewollt, das nicht geht. Gehen Sie nur weiter, wenn Sie { $host } kennen.
hand-off-text = Das dauert einen Moment. Nehmen Sie den Link, falls nichts geschieht.
form-post-text = Noch ein Schritt: die Antwort an die App senden.

apps-heading = Ihre Apps
apps-empty = Noch hat keine App hier eine Startseite. Öffnen Sie eine App direkt, sie kennt Sie dann.
welcome-heading = Willkommen bei { $brand }
welcome-text = Einmal anmelden, und jede verbundene App weiß, wer Sie sind.

sign-out-heading = Von { $brand } abmelden?
sign-out-asked = { $app } möchte Sie abmelden.
sign-out-text = Sie werden in diesem Browser von jeder App abgemeldet, die diese Anmeldung nutzt.
sign-out-told = Diese Apps erfahren davon:
sign-out-button = Abmelden
stay-signed-in = Angemeldet bleiben
signed-out-heading = Sie sind abgemeldet
signed-out-text = Schließen Sie an einem gemeinsamen Rechner auch den Browser.
signed-out-told = Diese Apps erfahren gerade davon:
signed-out-frame = Eine App erfährt davon

not-found-heading = Diese Seite finden wir nicht
not-found-text = Der Link ist vielleicht alt, oder die Adresse hat einen Tippfehler.
method-heading = So lässt sich diese Seite nicht öffnen
method-text = Beginnen Sie bei Ihren Apps neu.
forged-heading = Dieses Formular kam von anderswo
forged-text = Zu Ihrem Schutz nehmen wir nur Formulare unserer eigenen Seiten an. Beginnen Sie in der App neu, aus der Sie kamen.
expired-heading = Das hat zu lange gedauert
expired-text = Beginnen Sie in der App neu, aus der Sie kamen. Es ist nichts verloren.
cookie-heading = Ihr Browser hat ein Cookie blockiert, das wir brauchen
cookie-text = Zum Anmelden braucht es ein Cookie dieser Seite. Erlauben Sie es in den Einstellungen des Browsers und versuchen Sie es noch einmal.
loop-heading = { $app } schickt Sie immer wieder hierher
loop-text = Sie sind angemeldet, aber { $app } schließt die Anmeldung nicht ab. Warten Sie eine Minute, versuchen Sie es noch einmal, und sagen Sie es dem Support der App, wenn es so bleibt.
too-large-heading = Das war zu viel auf einmal
too-large-text = Die Anfrage ist größer, als wir annehmen. Beginnen Sie in der App neu, aus der Sie kamen.
bad-request-heading = Diese Anfrage können wir nicht lesen
bad-request-text = Beginnen Sie in der App neu, aus der Sie kamen.
fault-heading = Bei uns ist etwas schiefgegangen
fault-text = Versuchen Sie es gleich noch einmal. Wenn es wieder geschieht, nennen Sie dem Support die Kennung unten.
busy-heading = Hier ist gerade viel los
busy-text = Versuchen Sie es in { $wait } wieder.
too-many-heading = Zu viele Versuche
too-many-text = Aus Ihrem Netz kamen zu viele Anfragen. Versuchen Sie es in { $wait } wieder.
maintenance-heading = Gleich wieder da
maintenance-text = Der Dienst wird gerade gepflegt. Versuchen Sie es in ein paar Minuten wieder.

request-heading = Dieser Link von { $app } funktioniert nicht
request-heading-unknown = Dieser Link funktioniert nicht
request-text = Die App ist falsch eingerichtet, mit Ihrem Konto ist alles in Ordnung. Sagen Sie es denen, die die App betreiben.
request-text-gone = Diese Anmeldung hat zu lange gedauert oder ist schon abgeschlossen, mit Ihrem Konto ist alles in Ordnung. Gehen Sie zur App zurück und melden Sie sich neu an.
request-text-disabled = Die App ist hier abgeschaltet, mit Ihrem Konto ist alles in Ordnung. Sagen Sie es denen, die die App betreiben.
request-developer = Für die Entwicklung von { $app }
request-developer-unknown = Für die Entwicklung der App
error-code = Fehlercode
what-is-wrong = Was nicht stimmt
received = Empfangen
how-to-fix = Was hilft
time-utc = Zeit (UTC)
time-here = Ihre Zeit
rule-unknown-client = Es gibt keinen Client mit dieser client_id.
rule-disabled-client = Der Client ist abgeschaltet.
rule-missing-client = Der Parameter client_id fehlt.
rule-repeated = Der Parameter { $name } steht mehr als einmal da.
rule-pushed-request-gone = Die request_uri ist unbekannt, abgelaufen, verbraucht oder gehört einem anderen Client.
rule-missing-redirect = Der Parameter redirect_uri fehlt.
difference-trailing-slash = Die redirect_uri unterscheidet sich von einer registrierten nur durch einen Schrägstrich am Ende.
difference-scheme = Die redirect_uri unterscheidet sich von einer registrierten nur im Schema (http oder https).
difference-port = Die redirect_uri unterscheidet sich von einer registrierten nur im Port.
difference-host-case = Die redirect_uri unterscheidet sich von einer registrierten nur in Groß- und Kleinschreibung oder in der Schreibweise.
difference-host = Die redirect_uri unterscheidet sich von einer registrierten nur im Host.
difference-path = Die redirect_uri unterscheidet sich von einer registrierten nur im Pfad.
difference-query = Die redirect_uri unterscheidet sich von einer registrierten nur in der Query.
difference-localhost = Die redirect_uri nennt localhost, wo eine Loopback-Adresse registriert ist, oder umgekehrt.
difference-fragment = Die redirect_uri hat ein Fragment (#…), das nicht erlaubt ist.
difference-other = Die redirect_uri ist für diesen Client nicht registriert.
fix-unknown-client = Vergleichen Sie client_id mit der, die beim Anlegen des Clients gezeigt wurde.
fix-disabled-client = Der Betreiber kann den Client wieder einschalten.
fix-missing-client = Senden Sie client_id mit.
fix-repeated = Senden Sie jeden Parameter einmal.
fix-pushed-request-gone = Senden Sie die Anfrage noch einmal an /par und den Browser innerhalb der Zeit, die expires_in nennt.
fix-missing-redirect = Senden Sie redirect_uri mit, genau wie registriert.
fix-redirect = Registrieren Sie diese Adresse für den Client oder senden Sie eine registrierte. Adressen stimmen Byte für Byte überein.

account-heading = Ihr Konto
account-password = Passwort ändern
account-sessions = Wo Sie angemeldet sind
account-apps-back = Ihre Apps
account-back = Zurück zu Ihrem Konto
account-others = Weitere Konten in diesem Browser
account-password-text = Sie werden überall sonst abgemeldet, und Ihre Apps fragen Sie neu nach der Anmeldung.
account-current-password = Aktuelles Passwort
account-new-password = Neues Passwort
account-new-password-hint = Mindestens { $count } Zeichen. Mehrere Wörter merken sich leicht.
account-password-done = Ihr Passwort ist geändert. Überall sonst sind Sie abgemeldet.
account-error-wrong = Das aktuelle Passwort stimmt nicht. Prüfen Sie es und versuchen Sie es noch einmal.
account-error-incomplete = Geben Sie Ihr aktuelles und ein neues Passwort ein.
account-error-short = Das neue Passwort braucht mindestens { $count } Zeichen.
account-error-long = Das neue Passwort darf höchstens 256 Zeichen haben.
account-error-common = Das neue Passwort gehört zu denen, die Angreifer zuerst versuchen. Wählen Sie ein anderes, zum Beispiel mehrere Wörter.
account-error-context = Das neue Passwort besteht aus Ihren eigenen Namen. Wählen Sie ein anderes.
account-sessions-text = Jede Zeile ist ein Browser, in dem Sie sich angemeldet haben.
account-session-this = Dieser Browser
account-session-other = Ein anderer Browser
account-session-since = Angemeldet
account-session-seen = Zuletzt benutzt
account-session-remembered = Bleibt angemeldet
account-session-end = Dort abmelden
account-sessions-end = Überall sonst abmelden
account-sessions-done = Erledigt. Die Apps dort erfahren davon.
passkey-sign-in-button = Mit Passkey anmelden
passkey-refused = Dieser Passkey konnte nicht verwendet werden. Versuchen Sie es noch einmal oder melden Sie sich mit Ihrem Passwort an.
passkey-offer-heading = Beim nächsten Mal schneller anmelden
passkey-offer-text = Mit einem Passkey melden Sie sich mit Fingerabdruck, Gesicht oder Bildschirmsperre an. Sie müssen kein Passwort eingeben, und niemand kann es Ihnen entlocken.
passkey-name-label = Name des Passkeys
passkey-name-default = Mein Gerät
passkey-enrol-button = Passkey erstellen
passkey-enrol-refused = Der Passkey konnte nicht hinzugefügt werden. Versuchen Sie es noch einmal oder fahren Sie ohne fort.
passkey-not-now = Nicht jetzt
mails-heading = Mails
mails-lead = Die letzten 50 Mails dieses Prozesses. Sie stehen hier, weil er im Entwicklungsmodus läuft.
mails-empty = Noch wurde keine Mail verschickt.

mail-hello = Guten Tag { $name },
mail-hello-nobody = Guten Tag,
mail-for-days = { $count ->
    [one] { $count } Tag
   *[other] { $count } Tage
 }
mail-for-hours = { $count ->
    [one] { $count } Stunde
   *[other] { $count } Stunden
 }
mail-when = Zeitpunkt
mail-device = Gerät
mail-network = Netz
mail-footer = Diese Mail kommt von { $brand }. Antworten darauf liest niemand.
mail-not-asked = Haben Sie das nicht angefordert, ist nichts zu tun: Ohne den Code ändert sich nichts. Geben Sie den Code niemandem.
mail-not-expected = Haben Sie das nicht erwartet, ist nichts zu tun.
mail-not-you = Waren Sie das nicht, melden Sie sich jetzt an und sichern Sie Ihr Konto.
mail-ask-operator = Haben Sie das nicht erwartet, fragen Sie die Betreiber von { $brand }.
mail-account-button = Konto öffnen
mail-verify-subject = { $code } ist der Code, um Ihre Adresse zu bestätigen
mail-verify-text = Geben Sie diesen Code auf der Seite ein, die danach fragt. Er gilt { $wait }.
mail-verify-button = Adresse bestätigen
mail-reset-subject = { $code } ist der Code für ein neues Passwort
mail-reset-text = Geben Sie diesen Code auf der Seite ein, die danach fragt, um ein neues Passwort zu setzen. Er gilt { $wait }.
mail-reset-button = Neues Passwort setzen
mail-email-changed-subject = Die Adresse Ihres Kontos hat sich geändert
mail-email-changed-from = Ihr Konto verwendet jetzt die Adresse { $address }. Mails dazu kommen nicht mehr hierher.
mail-email-changed-to = Das ist jetzt die Adresse Ihres Kontos.
mail-password-changed-subject = Ihr Passwort hat sich geändert
mail-password-changed-text = Ihr Konto hat ein neues Passwort, und alle Geräte wurden abgemeldet.
mail-new-sign-in-subject = Neue Anmeldung an Ihrem Konto
mail-new-sign-in-text = Ihr Konto wurde mit einem Gerät oder Browser verwendet, den es noch nicht kannte.
mail-factor-added-subject = Ihr Konto hat einen neuen Anmeldeweg
mail-factor-added-text = Das kam zu Ihrem Konto hinzu: { $factor }.
mail-factor-removed-subject = Ein Anmeldeweg Ihres Kontos wurde entfernt
mail-factor-removed-text = Das wurde von Ihrem Konto entfernt: { $factor }.
mail-disabled-subject = Ihr Konto ist abgeschaltet
mail-disabled-text = Zurzeit kann sich niemand an Ihrem Konto anmelden, und alle Geräte wurden abgemeldet.
mail-deleted-subject = Ihr Konto wurde gelöscht
mail-deleted-text = Ihr Konto und was dazu gehörte sind gelöscht.
mail-invitation-subject = Einladung zu { $brand }
mail-invitation-text = Öffnen Sie diese Seite, um Ihr Konto anzulegen. Die Einladung gilt { $wait }.
mail-invitation-button = Konto anlegen

recover-link = Passwort vergessen?
recover-heading = Passwort vergessen?
recover-text = Geben Sie Ihre E-Mail-Adresse oder Ihren Benutzernamen ein. Gibt es ein passendes Konto, senden wir einen Code an seine Adresse.
recover-button = Code senden
recover-no-mail = Von hier werden keine Mails verschickt. Fragen Sie die Betreiber dieses Dienstes: Sie können Ihnen einen Link für ein neues Passwort geben.
recover-sent-heading = Sehen Sie in Ihr Postfach
recover-sent-text = Gibt es ein passendes Konto, ist eine Nachricht unterwegs. Geben Sie den Code daraus ein und wählen Sie ein neues Passwort, oder öffnen Sie den Link darin.
recover-code-label = Code aus der Nachricht
recover-code-hint = 8 Buchstaben und Ziffern. Er gilt 30 Minuten.
recover-password-heading = Neues Passwort wählen
recover-password-text = Sie werden überall abgemeldet. Melden Sie sich danach mit dem neuen Passwort an.
recover-password-button = Neues Passwort setzen
recover-again = Keine Nachricht? Neuen Code anfordern
recover-back = Zurück zur Anmeldung
recover-gone-heading = Dieser Link gilt nicht mehr
recover-gone-text = Er wurde benutzt, ist zu alt, oder ein neuerer hat ihn ersetzt.
recover-gone-again = Neuen Code anfordern
recover-error-identifier = Geben Sie Ihre E-Mail-Adresse oder Ihren Benutzernamen ein.
recover-error-code = Dieser Code stimmt nicht oder gilt nicht mehr. Prüfen Sie ihn oder fordern Sie einen neuen an.
recover-error-incomplete = Füllen Sie jedes Feld aus.
