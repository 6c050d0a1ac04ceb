# Spanish. The pages address people informally, as most services do.

dev-ribbon = Modo de desarrollo
insecure-note = Esta página no está protegida por https. Eso está bien en tu propio equipo y en ningún otro sitio.
languages = Idiomas
error-prefix = Error:
reference = Referencia
copy = Copiar
copied = Copiado
continue = Continuar
continue-to = Continuar a { $app }
back-to = Volver a { $app }
go-home = Ir a tus aplicaciones
try-again = Volver a intentarlo
new = Nuevo
sign-out = Cerrar sesión

sign-in-heading = Iniciar sesión
sign-in-title = Iniciar sesión en { $app }
sign-in-lead = para continuar a
sign-in-button = Iniciar sesión
confirm-heading = { $app } te pide confirmar que eres tú
confirm-heading-own = Confirma que eres tú
identifier-label = Correo o nombre de usuario
password-label = Contraseña
show = Mostrar
hide = Ocultar
show-password = Mostrar la contraseña
hide-password = Ocultar la contraseña
caps-lock = El bloqueo de mayúsculas está activado.
remember = Mantener la sesión en este dispositivo
not-you = ¿No eres tú? Usar otra cuenta
back-to-accounts = Volver a tus cuentas
stale-form = Esta página llevaba un rato abierta. Inicia sesión de nuevo para continuar.
error-wrong-credentials = El correo o la contraseña no coincide. Revisa los dos y vuelve a intentarlo.
error-incomplete = Escribe tu correo o nombre de usuario y tu contraseña.
error-too-many-tries = Demasiados intentos. Vuelve a intentarlo en { $wait }.
error-busy = Muchas personas están iniciando sesión ahora. Vuelve a intentarlo en { $wait }.
wait-seconds = { $count ->
    [one] { $count } segundo
   *[other] { $count } segundos
 }
wait-minutes = { $count ->
    [one] { $count } minuto
   *[other] { $count } minutos
 }

accounts-heading = Elige una cuenta
already-heading = Ya has iniciado sesión
continue-as = Continuar como { $name }
other-account = Usar otra cuenta

consent-title = ¿Permitir { $app }?
consent-heading = { $app } quiere usar tu cuenta
app-unverified = Tu administrador no ha revisado esta aplicación: se registró ella misma.
consent-host = Después volverás a
consent-asks = { $app } podrá
consent-lifetime = Este acceso termina cuando cierras la sesión.
consent-lifetime-offline = Este acceso continúa después de cerrar la sesión, hasta que lo retires, y durante { $count ->
    [one] { $count } día
   *[other] { $count } días
  } como máximo.
consent-note = Permítelo solo si confías en { $app }. No verá tu contraseña.
signed-in-as = Has iniciado sesión como
switch-account = Cambiar de cuenta
allow = Permitir
deny = Rechazar
privacy-policy = Privacidad
terms = Condiciones de uso
scope-openid = Saber quién eres
scope-profile = Ver tu nombre, tu nombre de usuario y tu foto
scope-email = Ver tu dirección de correo
scope-phone = Ver tu número de teléfono
scope-address = Ver tu dirección postal
scope-groups = Ver a qué grupos perteneces
scope-offline-access = Mantener este acceso cuando no usas la aplicación, hasta que lo retires
scope-other = Otro acceso: { $scope }

hand-off-heading = Te llevamos a { $app }
hand-off-ask-heading = ¿Continuar a { $app }?
hand-off-heading-unknown = Te llevamos a la aplicación
hand-off-ask = La aplicación pidió algo que no se pudo hacer. Continúa solo si conoces { $host }.
hand-off-text = Esto tarda un momento. Usa el enlace si no pasa nada.
form-post-text = Un paso más: enviar la respuesta a la aplicación.

apps-heading = Tus aplicaciones
apps-empty = Ninguna aplicación tiene aún una página de inicio aquí. Abre una aplicación directamente y te reconocerá.
welcome-heading = Te damos la bienvenida a { $brand }
welcome-text = Inicia sesión una vez, y cada aplicación conectada sabe quién eres.

sign-out-heading = ¿Cerrar sesión en { $brand }?
sign-out-asked = { $app } pide cerrar tu sesión.
sign-out-text = Se cerrará tu sesión en todas las aplicaciones que usan este inicio de sesión en este navegador.
sign-out-told = Se avisará a estas aplicaciones:
sign-out-button = Cerrar sesión
stay-signed-in = Mantener la sesión
signed-out-heading = Has cerrado la sesión
signed-out-text = En un equipo compartido, cierra también el navegador.
signed-out-told = Se está avisando a estas aplicaciones:
signed-out-frame = Aviso a una aplicación

not-found-heading = No encontramos esa página
not-found-text = Puede que el enlace sea antiguo o que la dirección tenga una errata.
method-heading = Esta página no se puede abrir de esa manera
method-text = Empieza de nuevo desde tus aplicaciones.
forged-heading = Este formulario vino de otro sitio
forged-text = Para protegerte, solo aceptamos formularios de nuestras propias páginas. Empieza de nuevo desde la aplicación de la que venías.
expired-heading = Esto tardó demasiado
expired-text = Empieza de nuevo desde la aplicación de la que venías. No se ha perdido nada.
cookie-heading = Tu navegador bloqueó una cookie que necesitamos
cookie-text = Para iniciar sesión hace falta una cookie de este sitio. Permítela en los ajustes de tu navegador y vuelve a intentarlo.
loop-heading = { $app } te envía aquí una y otra vez
loop-text = Has iniciado sesión, pero { $app } no completa el proceso. Espera un minuto y vuelve a intentarlo, y avisa a su equipo de soporte si continúa.
too-large-heading = Eso fue demasiado de una vez
too-large-text = La solicitud es más grande de lo que aceptamos. Empieza de nuevo desde la aplicación de la que venías.
bad-request-heading = No podemos leer esa solicitud
bad-request-text = Empieza de nuevo desde la aplicación de la que venías.
fault-heading = Algo salió mal por nuestra parte
fault-text = Vuelve a intentarlo en un momento. Si ocurre otra vez, da a soporte la referencia de abajo.
busy-heading = Hay mucha actividad
busy-text = Vuelve a intentarlo en { $wait }.
too-many-heading = Demasiados intentos
too-many-text = Hubo demasiadas solicitudes desde tu red. Vuelve a intentarlo en { $wait }.
maintenance-heading = Volvemos pronto
maintenance-text = El servicio está en mantenimiento. Vuelve a intentarlo en unos minutos.

request-heading = Este enlace de { $app } no funciona
request-heading-unknown = Este enlace no funciona
request-text = La aplicación está mal configurada, y tu cuenta está bien. Avisa a quienes administran la aplicación.
request-text-gone = Este inicio de sesión tardó demasiado o ya se había terminado, y tu cuenta está bien. Vuelve a la aplicación e inicia sesión de nuevo.
request-text-disabled = La aplicación está desactivada aquí, y tu cuenta está bien. Avisa a quienes administran la aplicación.
request-developer = Para quien desarrolla { $app }
request-developer-unknown = Para quien desarrolla la aplicación
error-code = Código de error
what-is-wrong = Qué está mal
received = Recibido
how-to-fix = Cómo arreglarlo
time-utc = Hora (UTC)
time-here = tu hora
rule-unknown-client = Ningún cliente tiene este client_id.
rule-disabled-client = El cliente está desactivado.
rule-missing-client = Falta el parámetro client_id.
rule-repeated = El parámetro { $name } aparece más de una vez.
rule-pushed-request-gone = La request_uri es desconocida, ha caducado, ya se usó o se dio a otro cliente.
rule-missing-redirect = Falta el parámetro redirect_uri.
difference-trailing-slash = La redirect_uri se diferencia de una registrada solo en una barra al final.
difference-scheme = La redirect_uri se diferencia de una registrada solo en el esquema (http o https).
difference-port = La redirect_uri se diferencia de una registrada solo en el puerto.
difference-host-case = La redirect_uri se diferencia de una registrada solo en mayúsculas y minúsculas o en la forma de escribirla.
difference-host = La redirect_uri se diferencia de una registrada solo en el host.
difference-path = La redirect_uri se diferencia de una registrada solo en la ruta.
difference-query = La redirect_uri se diferencia de una registrada solo en la cadena de consulta.
difference-localhost = La redirect_uri dice localhost donde hay registrada una dirección de bucle local, o al revés.
difference-fragment = La redirect_uri tiene un fragmento (#…), y eso no se permite.
difference-other = La redirect_uri no está registrada para este cliente.
fix-unknown-client = Compara client_id con el que se mostró al crear el cliente.
fix-disabled-client = Pide al operador que active el cliente.
fix-missing-client = Envía client_id con la solicitud.
fix-repeated = Envía cada parámetro una vez.
fix-pushed-request-gone = Envía la solicitud otra vez a /par, y el navegador dentro del tiempo que indica expires_in.
fix-missing-redirect = Envía redirect_uri con la solicitud, exactamente como está registrada.
fix-redirect = Registra esta dirección para el cliente o envía una registrada. Las direcciones coinciden byte por byte.

totp-heading = Escribe el código de tu aplicación
totp-label = Código de 6 dígitos
totp-wrong = Ese código no coincide, ya se usó o ha caducado. Espera al siguiente.
totp-step-up = Has iniciado sesión. Esta aplicación necesita además tu segundo factor.
totp-setup-heading = Configura una aplicación de autenticación
totp-setup-asked = { $app } necesita un segundo factor para dejarte entrar.
totp-setup-lead = A partir de ahora, una aplicación en tu teléfono te da un código para iniciar sesión.
totp-setup-wrong = Ese código no coincide. Comprueba la hora de tu teléfono y escribe el código que la aplicación muestra ahora.
totp-setup-button = Confirmar
totp-scan = Escanea esto con tu aplicación de autenticación
totp-key = O escribe esta clave en la aplicación:
recovery-heading = Escribe uno de tus códigos de recuperación
recovery-label = Código de recuperación
recovery-wrong = Ese código no coincide o ya se usó. Cada código sirve una vez.
recovery-codes-heading = Guarda estos códigos en un lugar seguro
recovery-codes-lead = Cada código te permite iniciar sesión una vez cuando no tienes tu teléfono. Solo se muestran ahora.
recovery-codes-download = Descargar los códigos

passkey-sign-in-button = Iniciar sesión con una llave de acceso
passkey-refused = No se pudo usar esta llave de acceso. Vuelve a intentarlo o inicia sesión con tu contraseña.
passkey-offer-heading = Inicia sesión más rápido la próxima vez
passkey-offer-text = Con una llave de acceso inicias sesión con tu huella, tu cara o el bloqueo de pantalla. No hay contraseña que escribir, y nadie puede sacártela con engaños.
passkey-name-label = Nombre de la llave de acceso
passkey-name-default = Mi dispositivo
passkey-enrol-button = Crear una llave de acceso
passkey-enrol-refused = No se pudo añadir la llave de acceso. Vuelve a intentarlo o continúa sin ella.
passkey-not-now = Ahora no

account-heading = Tu cuenta
account-password = Cambiar la contraseña
account-sessions = Dónde has iniciado sesión
account-back = Volver a tu cuenta
account-others = Otras cuentas en este navegador
account-password-text = Se cerrará tu sesión en todos los demás sitios, y tus aplicaciones te pedirán iniciar sesión de nuevo.
account-current-password = Contraseña actual
account-new-password = Contraseña nueva
account-new-password-hint = Al menos { $count ->
    [one] { $count } carácter. Varias palabras son fáciles de recordar.
   *[other] { $count } caracteres. Varias palabras son fáciles de recordar.
  }
account-password-done = Tu contraseña ha cambiado. Se ha cerrado tu sesión en todos los demás sitios.
account-error-wrong = La contraseña actual no es correcta. Revísala e inténtalo de nuevo.
account-error-incomplete = Escribe tu contraseña actual y una nueva.
account-error-short = La contraseña nueva necesita al menos { $count ->
    [one] { $count } carácter.
   *[other] { $count } caracteres.
  }
account-error-long = La contraseña nueva puede tener 256 caracteres como máximo.
account-error-common = La contraseña nueva es de las primeras que prueban los atacantes. Elige otra, por ejemplo varias palabras.
account-error-context = La contraseña nueva está formada por tus propios nombres. Elige otra.
account-error-breached = La contraseña nueva se conoce por una filtración de datos de otro servicio. Elige otra.
strength-weak = Débil: se adivinaría pronto. Otra palabra ayuda.
strength-fair = Regular: con otra palabra sería más difícil de adivinar.
strength-good = Buena: es difícil de adivinar.
strength-strong = Fuerte: es muy difícil de adivinar.
account-sessions-text = Cada línea es un navegador en el que has iniciado sesión.
account-session-this = Este navegador
account-session-other = Otro navegador
account-session-since = Sesión iniciada
account-session-seen = Último uso
account-session-remembered = Mantiene la sesión iniciada
account-session-end = Cerrar la sesión allí
account-sessions-end = Cerrar la sesión en todos los demás sitios
account-sessions-done = Hecho. Se está avisando a las aplicaciones de allí.
other-way = Elegir otra forma
ways-heading = Elige cómo confirmar que eres tú
way-passkey = Llave de acceso
way-passkey-text = Tu huella, tu cara o el bloqueo de pantalla
way-totp = Aplicación de autenticación
way-totp-text = Un código de 6 cifras de tu teléfono
way-recovery = Código de recuperación
way-recovery-text = Uno de los códigos que guardaste
passkey-confirm-heading = Confirma con tu llave de acceso
passkey-confirm-text = Tu dispositivo te pide la huella, la cara o el bloqueo de pantalla.
passkey-confirm-button = Usar tu llave de acceso
passkey-confirm-refused = No se pudo usar esta llave de acceso. Vuelve a intentarlo o elige otra forma.
passkey-no-script = Las llaves de acceso necesitan JavaScript. Actívalo o elige otra forma.
passkey-set-up-heading = O usa una llave de acceso
passkey-set-up-text = Confirmas con tu huella, tu cara o el bloqueo de pantalla. No hay que escribir ningún código.
trust-device = { $count ->
    [one] No volver a preguntar en este dispositivo durante { $count } día
    *[other] No volver a preguntar en este dispositivo durante { $count } días
 }
trusted-devices = Dispositivos de confianza
trusted-devices-text = En estos solo se te pide la contraseña.
trusted-device-this = Este dispositivo
trusted-device-other = Otro dispositivo
trusted-device-since = De confianza desde
trusted-device-until = Vuelve a preguntar
trusted-device-end = Dejar de confiar

security-heading = Cómo inicias sesión
security-lead = Tus formas de entrar en tu cuenta.
security-password = Contraseña
security-set-on = Establecida
security-passkeys = Llaves de acceso
security-none = Ninguna todavía
security-totp = Aplicación de autenticación
security-advice = Tu contraseña por sí sola abre tu cuenta. Una llave de acceso es más rápida, y nadie puede sacártela con engaños.
security-back = Volver a cómo inicias sesión
passkeys-empty = Todavía no tienes ninguna llave de acceso.
passkeys-add = Añadir una llave de acceso
passkeys-done = Tus llaves de acceso están al día.
passkeys-unavailable = En esta dirección no hay llaves de acceso.
passkey-created = Creada
passkey-used = Último uso
passkey-unused = Sin usar todavía
passkey-synced = Sincronizada con tus otros dispositivos
passkey-one-device = En un solo dispositivo
passkey-edit = Cambiar el nombre o quitar
passkey-edit-heading = Tu llave de acceso
passkey-rename = Guardar el nombre
passkey-remove = Quitar la llave de acceso
passkey-remove-heading = ¿Quitar esta llave de acceso?
passkey-remove-text = { $name } ya no servirá para iniciar sesión. Puedes crear otra cuando quieras.
passkey-last = Esta llave de acceso es tu única forma de iniciar sesión. Añade otra primero.
passkey-too-many = Ya tienes todas las llaves de acceso posibles. Quita una primero.
passkey-cannot = Este navegador no puede crear una llave de acceso. Usa otro o activa JavaScript.
passkey-back = Volver a tus llaves de acceso
totp-new-codes = Crear nuevos códigos de recuperación
totp-new-codes-text = Al crear códigos nuevos, los anteriores dejan de funcionar.
totp-remove = Quitar la aplicación de autenticación
totp-remove-heading = ¿Quitar la aplicación de autenticación?
totp-remove-text = A partir de entonces, al iniciar sesión con tu contraseña no se pedirá ningún código. Tus códigos de recuperación también dejan de funcionar.
totp-removed = Se ha quitado la aplicación de autenticación.
recovery-codes-tick = He guardado estos códigos
confirm-own-text = Esta página afecta a la seguridad de tu cuenta y necesita un inicio de sesión reciente.
security-codes-left = { $count ->
    [one] Queda 1 código de recuperación
   *[other] Quedan { $count } códigos de recuperación
 }

apps-search-label = Buscar en tus aplicaciones
apps-search-button = Buscar
apps-none-found = Ninguna de tus aplicaciones tiene ese nombre.
apps-show-all = Ver todas las aplicaciones
account-apps-empty = Tus aplicaciones aparecerán aquí en cuanto alguna tenga una página de inicio. Hasta entonces, abre una directamente y te reconocerá.
connected-heading = Aplicaciones que has permitido
connected-text = Cada aplicación puede usar tu cuenta como se describe. Si quitas una, se cierra su sesión y volverá a preguntar la próxima vez.
connected-empty = Ninguna aplicación puede usar tu cuenta todavía. Las que permitas aparecerán aquí.
connected-since = Desde
connected-used = Último uso
connected-remove = Quitar
connected-remove-named = Quitar { $app }
connected-done = Quitada. Se está cerrando la sesión de la aplicación.
profile-heading = Sobre ti
profile-text = Las aplicaciones que permitas pueden ver lo que escribas aquí. Cualquier campo puede quedar vacío.
profile-save = Guardar
profile-done = Guardado. Las aplicaciones lo verán la próxima vez que pregunten.
profile-errors = Aún no se ha guardado nada. Revisa los campos marcados.
profile-part-more = Más sobre ti
profile-part-contact = Teléfono y dirección
profile-name = Nombre completo
profile-given-name = Nombre
profile-middle-name = Segundo nombre
profile-family-name = Apellidos
profile-nickname = Apodo
profile-picture = Dirección de una imagen
profile-picture-hint = Empieza por https://.
profile-page = Dirección de tu página de perfil
profile-website = Sitio web
profile-gender = Género
profile-birthdate = Fecha de nacimiento
profile-birthdate-hint = Año, mes y día, como 1990-12-31.
profile-language = Idioma
profile-language-any = El idioma de tu navegador
profile-zone = Zona horaria
profile-zone-hint = Región y ciudad, como Europe/Paris.
profile-phone = Número de teléfono
profile-phone-hint = Con el código del país, como +44 20 7946 0000.
profile-address = Dirección, como figura en una carta
profile-street = Calle y número
profile-city = Ciudad
profile-region = Estado o provincia
profile-postal-code = Código postal
profile-country = País
profile-error-text = Usa como máximo 255 caracteres, todos visibles.
profile-error-https = Escribe una dirección que empiece por https://.
profile-error-address = Escribe una dirección que empiece por https:// o http://.
profile-error-birthdate = Escribe la fecha como año, mes y día, como 1990-12-31.
profile-error-language = Elige un idioma de la lista.
profile-error-zone = Escribe la zona horaria como región y ciudad, como Europe/Paris.
profile-error-phone = Escribe el número con el código del país, como +44 20 7946 0000.
account-session-apps = Aplicaciones usadas:
account-session-network = Red
delete-heading = Eliminar tu cuenta
delete-at-once = Se cierra tu sesión en todas partes de inmediato y ninguna aplicación podrá usar tu cuenta.
delete-after = Después de { $count ->
    [one] { $count } día
   *[other] { $count } días
  }, la cuenta y todo lo que contiene se elimina definitivamente.
delete-until = Hasta entonces, inicia sesión si quieres conservarla.
delete-button = Eliminar mi cuenta
delete-pending-heading = Tu cuenta se eliminará
delete-pending-text = Lo pediste. Se eliminará definitivamente el
delete-keep = Conservar mi cuenta
delete-kept = Tu cuenta se conserva. Tus aplicaciones te pedirán iniciar sesión de nuevo.
email-heading = Tu dirección de correo
email-none = Ninguna dirección todavía
email-confirmed = Confirmada
email-unconfirmed = Sin confirmar
email-change = Confirmar o cambiar tu dirección de correo
email-no-mail = Desde aquí no se envían correos. Pregunta a quienes administran este servicio para cambiar tu dirección.
email-verify-text = Confirma que esta dirección es tuya. Se envía un código a ella.
email-new-heading = Usar otra dirección
email-new-label = Nueva dirección de correo
email-new-hint = Se envía un código a ella. Tu cuenta conserva su dirección actual hasta que escribas el código.
email-sent = Un código está en camino a { $address }. Escríbelo aquí o abre el enlace del mensaje.
email-confirm-button = Confirmar
email-resend = Enviar otro código
email-done = Tu dirección de correo está confirmada.
email-error-same = Esta ya es tu dirección y está confirmada.
email-error-incomplete = Escribe el código del mensaje.
email-error-taken = Otra cuenta tiene ya esta dirección. Tu cuenta sigue como está.
email-link-heading = Confirmar { $address }
email-link-text = Será la dirección de la cuenta { $username }. Confirma solo si esta cuenta es tuya.
email-link-done = La dirección está confirmada
email-link-done-text = Sigue donde empezaste, en el dispositivo que fuera.
email-taken-heading = Esta dirección está ocupada
export-heading = Tus datos
export-text = Todo lo que sabemos de ti, en un archivo: tu perfil, tus sesiones, tus aplicaciones, tus claves de acceso y segundos factores. No contiene contraseñas ni secretos.
export-button = Descargar el archivo

mails-heading = Mensajes
mails-lead = Los últimos 50 mensajes de este proceso. Se muestran porque funciona en modo de desarrollo.
mails-empty = Todavía no se ha enviado ningún mensaje.

mail-hello = Hola, { $name }:
mail-hello-nobody = Hola:
mail-for-days = { $count ->
    [one] { $count } día
   *[other] { $count } días
 }
mail-for-hours = { $count ->
    [one] { $count } hora
   *[other] { $count } horas
 }
mail-when = Fecha
mail-device = Dispositivo
mail-network = Red
mail-footer = Este mensaje lo envía { $brand }. Nadie lee las respuestas.
mail-not-asked = Si no lo has pedido, no hay nada que hacer: sin el código no cambia nada. No des el código a nadie.
mail-not-expected = Si no esperabas este mensaje, no hay nada que hacer.
mail-not-you = Si no has sido tú, inicia sesión ahora y protege tu cuenta.
mail-ask-operator = Si no esperabas este mensaje, pregunta a los responsables de { $brand }.
mail-account-button = Abrir mi cuenta
mail-verify-subject = { $code } es el código para confirmar tu dirección
mail-verify-text = Escribe este código en la página que lo pide. Vale durante { $wait }.
mail-verify-button = Confirmar mi dirección
mail-reset-subject = { $code } es el código para una contraseña nueva
mail-reset-text = Escribe este código en la página que lo pide para elegir una contraseña nueva. Vale durante { $wait }.
mail-reset-button = Elegir contraseña
mail-email-changed-subject = La dirección de tu cuenta ha cambiado
mail-email-changed-from = Tu cuenta usa ahora la dirección { $address }. Los mensajes sobre ella ya no llegan aquí.
mail-email-changed-to = Esta es ahora la dirección de tu cuenta.
mail-password-changed-subject = Tu contraseña ha cambiado
mail-password-changed-text = Tu cuenta tiene una contraseña nueva y se ha cerrado la sesión en todos los dispositivos.
mail-new-sign-in-subject = Nuevo inicio de sesión en tu cuenta
mail-new-sign-in-text = Tu cuenta se ha usado con un dispositivo o navegador que no conocía.
mail-factor-added-subject = Tu cuenta tiene una nueva forma de iniciar sesión
mail-factor-added-text = Se ha añadido a tu cuenta: { $factor }.
mail-factor-removed-subject = Se ha quitado una forma de iniciar sesión de tu cuenta
mail-factor-removed-text = Se ha quitado de tu cuenta: { $factor }.
mail-disabled-subject = Tu cuenta está desactivada
mail-disabled-text = Por ahora nadie puede iniciar sesión en tu cuenta y se ha cerrado la sesión en todos los dispositivos.
mail-deleted-subject = Tu cuenta se ha eliminado
mail-deleted-text = Tu cuenta y lo que le pertenecía se han eliminado.
mail-taken-subject = Alguien ha pedido tu dirección
mail-taken-text = Alguien quería que esta dirección fuera la de otra cuenta. Sigue en la tuya y nada ha cambiado.
mail-codes-made-subject = Tu cuenta tiene códigos de recuperación nuevos
mail-codes-made-text = Se han creado códigos de recuperación nuevos. Los anteriores ya no valen.
mail-codes-low-subject = Se acaban tus códigos de recuperación
mail-codes-low-text = Se ha usado un código de recuperación. Códigos que quedan: { $count }.
mail-consent-subject = Una aplicación puede usar ahora tu cuenta
mail-consent-text = Has dado acceso a esta aplicación: { $app }. Se registró por sí misma y aquí nadie la ha comprobado.
mail-deletion-subject = Tu cuenta se eliminará
mail-deletion-text = Tu cuenta se elimina para siempre el { $day }. Para conservarla, inicia sesión antes.
mail-kept-subject = Tu cuenta se queda
mail-kept-text = Al final tu cuenta no se elimina.
mail-invitation-subject = Invitación a { $brand }
mail-invitation-text = Abre esta página para crear tu cuenta. La invitación vale durante { $wait }.
mail-invitation-button = Crear mi cuenta

setup-heading = Configurar { $brand }
setup-lead = Crea la primera cuenta. Administra todo aquí.
setup-checks = Lo que ve tu navegador
setup-address-same = Has llegado por la dirección configurada, { $url }.
setup-address-other = La dirección configurada es { $url }, y has llegado por otra.
setup-address-go = Ir allí
setup-protected = La conexión está protegida o no sale de este equipo.
setup-unprotected = La conexión no está protegida. Configura https antes de que otras personas inicien sesión.
setup-username = Nombre de usuario
setup-username-hint = Letras de la a a la z, cifras, puntos, guiones y guiones bajos.
setup-email = Correo electrónico
setup-name = Tu nombre (opcional)
setup-passkey-button = Crear la cuenta con una llave de acceso
setup-or-password = O elige una contraseña.
setup-password-button = Crear la cuenta con una contraseña
setup-error-username = El nombre de usuario solo puede tener letras de la a a la z, cifras, puntos, guiones y guiones bajos.
setup-error-email = El correo electrónico no está completo. Revísalo e inténtalo de nuevo.
setup-error-name = El nombre tiene un signo que no puede estar en un nombre. Revísalo e inténtalo de nuevo.
setup-error-taken = Otra cuenta tiene este nombre de usuario o correo electrónico. Elige otros.
setup-error-no-way-in = Crea una llave de acceso o elige una contraseña para poder volver a iniciar sesión.
setup-error-passkey = No se pudo crear la llave de acceso. Inténtalo de nuevo o elige una contraseña.
setup-over-heading = Este enlace ya no funciona
setup-over-text = Se usó, tiene más de una hora o fue reemplazado. Para obtener un enlace nuevo, ejecuta esto donde funciona Tessera:
setup-over-done = Todo está configurado. Inicia sesión con la cuenta que se creó.

recover-link = ¿Olvidaste tu contraseña?
recover-heading = ¿Olvidaste tu contraseña?
recover-text = Escribe tu correo o nombre de usuario. Si hay una cuenta que coincide, enviaremos un código a su dirección.
recover-button = Enviar un código
recover-no-mail = Desde aquí no se envían correos. Pregunta a quienes administran este servicio: pueden darte un enlace para crear una contraseña nueva.
recover-sent-heading = Revisa tu correo
recover-sent-text = Si hay una cuenta que coincide, un mensaje está en camino. Escribe el código que contiene y elige una contraseña nueva, o abre su enlace.
recover-code-label = Código del mensaje
recover-code-hint = 8 letras y cifras. Vale durante 30 minutos.
recover-password-heading = Elige una contraseña nueva
recover-password-text = Se cerrará tu sesión en todas partes. Después, inicia sesión con la contraseña nueva.
recover-password-button = Guardar la contraseña nueva
recover-again = ¿No llega el mensaje? Pide otro código
recover-back = Volver al inicio de sesión
recover-gone-heading = Este enlace ya no funciona
recover-gone-text = Ya se usó, es demasiado antiguo u otro más nuevo ocupó su lugar.
recover-gone-again = Pedir otro código
recover-error-identifier = Escribe tu correo o nombre de usuario.
recover-error-code = Ese código no es correcto o ya no vale. Revísalo o pide otro.
recover-error-incomplete = Rellena todos los campos.
