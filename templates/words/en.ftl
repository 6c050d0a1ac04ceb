# English. Second person, sentence case, and always a way forward.

dev-ribbon = Development mode
insecure-note = This page is not protected by https. That is fine on your own machine and nowhere else.
languages = Languages
error-prefix = Error:
reference = Reference
copy = Copy
copied = Copied
continue = Continue
continue-to = Continue to { $app }
back-to = Back to { $app }
go-home = Go to your apps
try-again = Try again
new = New
sign-out = Sign out

sign-in-heading = Sign in
sign-in-title = Sign in to { $app }
sign-in-lead = to continue to
sign-in-button = Sign in
confirm-heading = { $app } asks you to confirm it's you
confirm-heading-own = Confirm it's you
identifier-label = Email or username
password-label = Password
show = Show
hide = Hide
show-password = Show password
hide-password = Hide password
caps-lock = Caps lock is on.
remember = Stay signed in on this device
not-you = Not you? Use another account
back-to-accounts = Back to your accounts
stale-form = This page was open a while. Sign in again to go on.
error-wrong-credentials = The email or password isn't right. Check both and try again.
error-incomplete = Enter your email or username and your password.
error-too-many-tries = Too many tries. Try again in { $wait }.
error-busy = Many people are signing in right now. Try again in { $wait }.
wait-seconds = { $count ->
    [one] { $count } second
   *[other] { $count } seconds
 }
wait-minutes = { $count ->
    [one] { $count } minute
   *[other] { $count } minutes
 }

totp-heading = Enter the code from your app
totp-label = 6-digit code
totp-wrong = That code isn't right, was already used or has expired. Wait for the next one.
totp-instead = Use your authenticator app instead
totp-step-up = You are signed in. This app also needs your second factor.
totp-setup-heading = Set up an authenticator app
totp-setup-asked = { $app } needs a second factor to let you in.
totp-setup-lead = From now on, an app on your phone gives you a code for signing in.
totp-setup-wrong = That code isn't right. Check the clock of your phone, and enter the code that the app shows now.
totp-setup-button = Confirm
totp-scan = Scan this with your authenticator app
totp-key = Or type this key into the app:
recovery-heading = Enter one of your recovery codes
recovery-label = Recovery code
recovery-wrong = That code isn't right, or was already used. Each code works once.
recovery-instead = Use a recovery code instead
recovery-codes-heading = Save these codes somewhere safe
recovery-codes-lead = Each code signs you in once when you don't have your phone. They are shown only now.
recovery-codes-download = Download the codes
recovery-codes-onward = I saved them

accounts-heading = Choose an account
already-heading = You're already signed in
continue-as = Continue as { $name }
other-account = Use another account

consent-title = Allow { $app }?
consent-heading = { $app } wants to use your account
app-unverified = Your administrator has not checked this app: it registered itself.
consent-host = You will go back to
consent-asks = { $app } will be able to
consent-lifetime = This access ends when you sign out.
consent-lifetime-offline = This access goes on after you sign out, until you take it back, and for { $count ->
    [one] { $count } day
   *[other] { $count } days
  } at most.
consent-note = Allow this only if you trust { $app }. It will not see your password.
signed-in-as = You're signed in as
switch-account = Switch account
allow = Allow
deny = Deny
privacy-policy = Privacy policy
terms = Terms of use
scope-openid = Know who you are
scope-profile = See your name, username and picture
scope-email = See your email address
scope-phone = See your phone number
scope-address = See your postal address
scope-groups = See which groups you belong to
scope-offline-access = Keep this access when you're not using the app, until you remove it
scope-other = Other access: { $scope }

hand-off-heading = Taking you to { $app }
hand-off-ask-heading = Go on to { $app }?
hand-off-heading-unknown = Taking you to the app
hand-off-ask = The app could not be served as it asked. Go on only if you know { $host }.
hand-off-text = This takes a moment. Use the link if nothing happens.
form-post-text = One more step: send the answer to the app.

apps-heading = Your apps
apps-empty = No app has a start page here yet. Open an app directly, and it will know you.
welcome-heading = Welcome to { $brand }
welcome-text = Sign in once, and every connected app knows who you are.

sign-out-heading = Sign out of { $brand }?
sign-out-asked = { $app } asks to sign you out.
sign-out-text = You will be signed out of every app that uses this sign-in in this browser.
sign-out-told = These apps will be told:
sign-out-button = Sign out
stay-signed-in = Stay signed in
signed-out-heading = You're signed out
signed-out-text = On a shared computer, close the browser as well.
signed-out-told = These apps are being told:
signed-out-frame = Telling an app

not-found-heading = We can't find that page
not-found-text = The link may be old, or the address has a typo.
method-heading = This page can't be opened that way
method-text = Start again from your apps.
forged-heading = This form came from another place
forged-text = To keep you safe, we accept forms from our own pages only. Start again from the app you came from.
expired-heading = This took too long
expired-text = Start again from the app you came from. Nothing was lost.
cookie-heading = Your browser blocked a cookie we need
cookie-text = Signing in needs one cookie from this site. Allow cookies for it in your browser's settings, then try again.
loop-heading = { $app } keeps sending you back here
loop-text = You are signed in, but { $app } does not complete the sign-in. Wait a minute and try again, and tell its support if it goes on.
too-large-heading = That was too much at once
too-large-text = The request is larger than we accept. Start again from the app you came from.
bad-request-heading = We can't read that request
bad-request-text = Start again from the app you came from.
fault-heading = Something went wrong on our side
fault-text = Try again in a moment. If it happens again, tell support the reference below.
busy-heading = There is a lot going on
busy-text = Try again in { $wait }.
too-many-heading = Too many tries
too-many-text = There were too many requests from your network. Try again in { $wait }.
maintenance-heading = Back soon
maintenance-text = The service is being looked after. Try again in a few minutes.

request-heading = This link from { $app } doesn't work
request-heading-unknown = This link doesn't work
request-text = The app is set up wrongly, and nothing is wrong with your account. Tell the people who run the app.
request-text-gone = This sign-in took too long, or was finished before, and nothing is wrong with your account. Go back to the app and sign in again.
request-text-disabled = The app is switched off here, and nothing is wrong with your account. Tell the people who run the app.
request-developer = For the developer of { $app }
request-developer-unknown = For the developer of the app
error-code = Error code
what-is-wrong = What is wrong
received = Received
how-to-fix = How to fix it
time-utc = Time (UTC)
time-here = your time
rule-unknown-client = No client has this client_id.
rule-disabled-client = The client is disabled.
rule-missing-client = The parameter client_id is missing.
rule-repeated = The parameter { $name } stands more than once.
rule-pushed-request-gone = The request_uri is unknown, over, used, or was given to another client.
rule-missing-redirect = The parameter redirect_uri is missing.
difference-trailing-slash = The redirect_uri differs from a registered one only in a slash at the end.
difference-scheme = The redirect_uri differs from a registered one only in the scheme (http or https).
difference-port = The redirect_uri differs from a registered one only in the port.
difference-host-case = The redirect_uri differs from a registered one only in upper and lower case or in how it is written.
difference-host = The redirect_uri differs from a registered one only in the host.
difference-path = The redirect_uri differs from a registered one only in the path.
difference-query = The redirect_uri differs from a registered one only in the query.
difference-localhost = The redirect_uri says localhost where a loopback address is registered, or the other way round.
difference-fragment = The redirect_uri has a fragment (#…), which is not allowed.
difference-other = The redirect_uri is not registered for this client.
fix-unknown-client = Compare client_id with the one that was shown when the client was created.
fix-disabled-client = Ask the operator to enable the client.
fix-missing-client = Send client_id with the request.
fix-repeated = Send each parameter once.
fix-pushed-request-gone = Push the request again, and send the browser within the time that expires_in told.
fix-missing-redirect = Send redirect_uri with the request, exactly as it is registered.
fix-redirect = Register this address for the client, or send a registered one. Addresses match byte for byte.

account-heading = Your account
account-password = Change your password
account-sessions = Where you're signed in
account-apps-back = Your apps
account-back = Back to your account
account-others = Other accounts in this browser
account-password-text = You will be signed out everywhere else, and your apps will ask you to sign in again.
account-current-password = Current password
account-new-password = New password
account-new-password-hint = At least { $count } characters. Several words are easy to remember.
account-password-done = Your password was changed. You are signed out everywhere else.
account-error-wrong = The current password isn't right. Check it and try again.
account-error-incomplete = Enter your current password and a new one.
account-error-short = The new password needs at least { $count } characters.
account-error-long = The new password may have at most 256 characters.
account-error-common = The new password is one of the first that attackers try. Choose another, for instance several words.
account-error-context = The new password is made of your own names. Choose another.
account-sessions-text = Each line is a browser in which you signed in.
account-session-this = This browser
account-session-other = Another browser
account-session-since = Signed in
account-session-seen = Last used
account-session-remembered = Stays signed in
account-session-end = Sign out there
account-sessions-end = Sign out everywhere else
account-sessions-done = Done. Apps there are being told.
passkey-sign-in-button = Sign in with a passkey
passkey-refused = This passkey could not be used. Try again, or sign in with your password.
passkey-offer-heading = Sign in faster next time
passkey-offer-text = With a passkey you sign in with your fingerprint, your face or your screen lock. There is no password to type, and nobody can trick it out of you.
passkey-name-label = Name of the passkey
passkey-name-default = My device
passkey-enrol-button = Create a passkey
passkey-enrol-refused = The passkey could not be added. Try again, or go on without one.
passkey-not-now = Not now
mails-heading = Mails
mails-lead = The last 50 mails of this process, shown because it runs in development mode.
mails-empty = No mail was sent yet.

mail-hello = Hello { $name },
mail-hello-nobody = Hello,
mail-for-days = { $count ->
    [one] { $count } day
   *[other] { $count } days
 }
mail-for-hours = { $count ->
    [one] { $count } hour
   *[other] { $count } hours
 }
mail-when = When
mail-device = Device
mail-network = Network
mail-footer = This mail was sent by { $brand }. Nobody reads answers to it.
mail-not-asked = If you did not ask for this, there is nothing to do: without the code nothing changes. Give the code to nobody.
mail-not-expected = If you did not expect this, there is nothing to do.
mail-not-you = If this was not you, sign in now and secure your account.
mail-ask-operator = If you did not expect this, ask the people who run { $brand }.
mail-account-button = Open your account
mail-verify-subject = { $code } is the code to confirm your address
mail-verify-text = Enter this code on the page that asked for it. It counts for { $wait }.
mail-verify-button = Confirm your address
mail-reset-subject = { $code } is the code for a new password
mail-reset-text = Enter this code on the page that asked for it, to set a new password. It counts for { $wait }.
mail-reset-button = Set a new password
mail-email-changed-subject = The address of your account has changed
mail-email-changed-from = Your account now uses the address { $address }. Mails about it no longer come here.
mail-email-changed-to = This is now the address of your account.
mail-password-changed-subject = Your password has changed
mail-password-changed-text = The password of your account is a new one, and every device was signed out.
mail-new-sign-in-subject = New sign-in to your account
mail-new-sign-in-text = Your account was used with a device or browser that it had not seen before.
mail-factor-added-subject = Your account has a new way to sign in
mail-factor-added-text = This was added to your account: { $factor }.
mail-factor-removed-subject = A way to sign in was removed from your account
mail-factor-removed-text = This was removed from your account: { $factor }.
mail-disabled-subject = Your account is switched off
mail-disabled-text = Nobody can sign in to your account for now, and every device was signed out.
mail-deleted-subject = Your account was deleted
mail-deleted-text = Your account and what belonged to it are gone.
mail-invitation-subject = You are invited to { $brand }
mail-invitation-text = Open this page to make your account. The invitation counts for { $wait }.
mail-invitation-button = Make your account

recover-link = Forgot your password?
recover-heading = Forgot your password?
recover-text = Enter your email or username. If an account matches, we send a code to its address.
recover-button = Send a code
recover-no-mail = No mail is sent from here. Ask the people who run this service: they can give you a link to set a new password.
recover-sent-heading = Check your mail
recover-sent-text = If an account matches, a message is on its way. Enter the code from it and choose a new password, or open the link in it.
recover-code-label = Code from the message
recover-code-hint = 8 letters and digits. It counts for 30 minutes.
recover-password-heading = Choose a new password
recover-password-text = You will be signed out everywhere. Then sign in with the new password.
recover-password-button = Set the new password
recover-again = No message? Ask for a new code
recover-back = Back to sign-in
recover-gone-heading = This link no longer works
recover-gone-text = It was used, is too old, or a newer one took its place.
recover-gone-again = Ask for a new code
recover-error-identifier = Enter your email or username.
recover-error-code = That code isn't right, or it no longer counts. Check it, or ask for a new one.
recover-error-incomplete = Fill in every field.
