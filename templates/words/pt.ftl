# Portuguese, as Brazil writes it.

dev-ribbon = Modo de desenvolvimento
insecure-note = Esta página não é protegida por https. Isso é aceitável no seu próprio computador e em nenhum outro lugar.
languages = Idiomas
error-prefix = Erro:
reference = Referência
copy = Copiar
copied = Copiado
continue = Continuar
continue-to = Continuar para { $app }
back-to = Voltar para { $app }
go-home = Ir para seus aplicativos
try-again = Tentar de novo
new = Novo
sign-out = Sair

sign-in-heading = Entrar
sign-in-title = Entrar em { $app }
sign-in-lead = para continuar em
sign-in-button = Entrar
confirm-heading = { $app } pede que você confirme que é você
confirm-heading-own = Confirme que é você
identifier-label = E-mail ou nome de usuário
password-label = Senha
show = Mostrar
hide = Ocultar
show-password = Mostrar a senha
hide-password = Ocultar a senha
caps-lock = A tecla Caps Lock está ligada.
remember = Manter a sessão neste dispositivo
not-you = Não é você? Usar outra conta
back-to-accounts = Voltar para suas contas
stale-form = Esta página ficou aberta por um tempo. Entre de novo para continuar.
error-wrong-credentials = O e-mail ou a senha não confere. Verifique os dois e tente de novo.
error-incomplete = Digite seu e-mail ou nome de usuário e sua senha.
error-too-many-tries = Muitas tentativas. Tente de novo em { $wait }.
error-busy = Muitas pessoas estão entrando agora. Tente de novo em { $wait }.
wait-seconds = { $count ->
    [one] { $count } segundo
   *[other] { $count } segundos
 }
wait-minutes = { $count ->
    [one] { $count } minuto
   *[other] { $count } minutos
 }

accounts-heading = Escolha uma conta
already-heading = Sua sessão já está aberta
continue-as = Continuar como { $name }
other-account = Usar outra conta

consent-title = Permitir { $app }?
consent-heading = { $app } quer usar sua conta
app-unverified = Sua administração não verificou este aplicativo: ele mesmo se registrou.
consent-host = Depois você voltará para
consent-asks = { $app } poderá
consent-lifetime = Este acesso termina quando você sai.
consent-lifetime-offline = Este acesso continua depois que você sai, até que você o retire, e por { $count ->
    [one] { $count } dia
   *[other] { $count } dias
  } no máximo.
consent-note = Permita somente se você confia em { $app }. O aplicativo não verá sua senha.
signed-in-as = Você entrou como
switch-account = Trocar de conta
allow = Permitir
deny = Recusar
privacy-policy = Privacidade
terms = Termos de uso
scope-openid = Saber quem você é
scope-profile = Ver seu nome, nome de usuário e foto
scope-email = Ver seu endereço de e-mail
scope-phone = Ver seu número de telefone
scope-address = Ver seu endereço postal
scope-groups = Ver a quais grupos você pertence
scope-offline-access = Manter este acesso quando você não está usando o aplicativo, até que você o retire
scope-other = Outro acesso: { $scope }

hand-off-heading = Levando você para { $app }
hand-off-ask-heading = Continuar para { $app }?
hand-off-heading-unknown = Levando você para o aplicativo
hand-off-ask = O aplicativo pediu algo que não pôde ser feito. Continue somente se você conhece { $host }.
hand-off-text = Isso leva um momento. Use o link se nada acontecer.
form-post-text = Mais um passo: enviar a resposta ao aplicativo.

apps-heading = Seus aplicativos
apps-empty = Nenhum aplicativo tem uma página inicial aqui ainda. Abra um aplicativo diretamente, e ele reconhecerá você.
welcome-heading = Boas-vindas a { $brand }
welcome-text = Entre uma vez, e cada aplicativo conectado sabe quem você é.

sign-out-heading = Sair de { $brand }?
sign-out-asked = { $app } pede para encerrar sua sessão.
sign-out-text = Você sairá de todos os aplicativos que usam este acesso neste navegador.
sign-out-told = Estes aplicativos serão avisados:
sign-out-button = Sair
stay-signed-in = Manter a sessão
signed-out-heading = Você saiu
signed-out-text = Em um computador compartilhado, feche também o navegador.
signed-out-told = Estes aplicativos estão sendo avisados:
signed-out-frame = Aviso a um aplicativo

not-found-heading = Não encontramos essa página
not-found-text = O link pode ser antigo, ou o endereço tem um erro de digitação.
method-heading = Esta página não pode ser aberta dessa forma
method-text = Comece de novo pelos seus aplicativos.
forged-heading = Este formulário veio de outro lugar
forged-text = Para proteger você, aceitamos apenas formulários das nossas próprias páginas. Comece de novo pelo aplicativo de onde você veio.
expired-heading = Isso demorou demais
expired-text = Comece de novo pelo aplicativo de onde você veio. Nada foi perdido.
cookie-heading = Seu navegador bloqueou um cookie de que precisamos
cookie-text = Para entrar é preciso um cookie deste site. Permita-o nas configurações do navegador e tente de novo.
loop-heading = { $app } fica mandando você de volta para cá
loop-text = Sua sessão está aberta, mas { $app } não conclui a entrada. Espere um minuto e tente de novo, e avise o suporte do aplicativo se continuar.
too-large-heading = Isso foi demais de uma vez
too-large-text = A solicitação é maior do que aceitamos. Comece de novo pelo aplicativo de onde você veio.
bad-request-heading = Não conseguimos ler essa solicitação
bad-request-text = Comece de novo pelo aplicativo de onde você veio.
fault-heading = Algo deu errado do nosso lado
fault-text = Tente de novo em um momento. Se acontecer outra vez, informe ao suporte a referência abaixo.
busy-heading = Há muito movimento agora
busy-text = Tente de novo em { $wait }.
too-many-heading = Muitas tentativas
too-many-text = Houve muitas solicitações da sua rede. Tente de novo em { $wait }.
maintenance-heading = Voltamos logo
maintenance-text = O serviço está em manutenção. Tente de novo em alguns minutos.

request-heading = Este link de { $app } não funciona
request-heading-unknown = Este link não funciona
request-text = O aplicativo está mal configurado, e não há nada de errado com sua conta. Avise as pessoas que cuidam do aplicativo.
request-text-gone = Esta entrada demorou demais ou já tinha terminado, e não há nada de errado com sua conta. Volte ao aplicativo e entre de novo.
request-text-disabled = O aplicativo está desativado aqui, e não há nada de errado com sua conta. Avise as pessoas que cuidam do aplicativo.
request-developer = Para quem desenvolve { $app }
request-developer-unknown = Para quem desenvolve o aplicativo
error-code = Código do erro
what-is-wrong = O que está errado
received = Recebido
how-to-fix = Como corrigir
time-utc = Hora (UTC)
time-here = sua hora
rule-unknown-client = Nenhum cliente tem este client_id.
rule-disabled-client = O cliente está desativado.
rule-missing-client = O parâmetro client_id está faltando.
rule-repeated = O parâmetro { $name } aparece mais de uma vez.
rule-pushed-request-gone = A request_uri é desconhecida, expirou, já foi usada ou foi dada a outro cliente.
rule-missing-redirect = O parâmetro redirect_uri está faltando.
difference-trailing-slash = A redirect_uri difere de uma registrada apenas por uma barra no final.
difference-scheme = A redirect_uri difere de uma registrada apenas no esquema (http ou https).
difference-port = A redirect_uri difere de uma registrada apenas na porta.
difference-host-case = A redirect_uri difere de uma registrada apenas em maiúsculas e minúsculas ou na forma de escrever.
difference-host = A redirect_uri difere de uma registrada apenas no host.
difference-path = A redirect_uri difere de uma registrada apenas no caminho.
difference-query = A redirect_uri difere de uma registrada apenas na query.
difference-localhost = A redirect_uri diz localhost onde está registrado um endereço de loopback, ou o contrário.
difference-fragment = A redirect_uri tem um fragmento (#…), o que não é permitido.
difference-other = A redirect_uri não está registrada para este cliente.
fix-unknown-client = Compare client_id com o que foi mostrado quando o cliente foi criado.
fix-disabled-client = Peça ao operador que ative o cliente.
fix-missing-client = Envie client_id com a solicitação.
fix-repeated = Envie cada parâmetro uma vez.
fix-pushed-request-gone = Envie a solicitação de novo a /par, e o navegador dentro do tempo informado por expires_in.
fix-missing-redirect = Envie redirect_uri com a solicitação, exatamente como está registrada.
fix-redirect = Registre este endereço para o cliente ou envie um registrado. Os endereços são comparados byte a byte.

totp-heading = Digite o código do seu aplicativo
totp-label = Código de 6 dígitos
totp-wrong = Esse código não confere, já foi usado ou expirou. Espere o próximo.
totp-step-up = Você já entrou. Este aplicativo precisa também do seu segundo fator.
totp-setup-heading = Configure um aplicativo autenticador
totp-setup-asked = { $app } precisa de um segundo fator para deixar você entrar.
totp-setup-lead = De agora em diante, um aplicativo no seu telefone dá a você um código para entrar.
totp-setup-wrong = Esse código não confere. Verifique o relógio do seu telefone e digite o código que o aplicativo mostra agora.
totp-setup-button = Confirmar
totp-scan = Escaneie isto com seu aplicativo autenticador
totp-key = Ou digite esta chave no aplicativo:
recovery-heading = Digite um dos seus códigos de recuperação
recovery-label = Código de recuperação
recovery-wrong = Esse código não confere ou já foi usado. Cada código funciona uma vez.
recovery-codes-heading = Guarde estes códigos em um lugar seguro
recovery-codes-lead = Cada código permite entrar uma vez quando você está sem o telefone. Eles são mostrados só agora.
recovery-codes-download = Baixar os códigos

passkey-sign-in-button = Entrar com uma chave de acesso
passkey-refused = Não foi possível usar esta chave de acesso. Tente de novo ou entre com sua senha.
passkey-offer-heading = Entre mais rápido da próxima vez
passkey-offer-text = Com uma chave de acesso você entra com sua impressão digital, seu rosto ou o bloqueio de tela. Não há senha para digitar, e ninguém consegue tirá-la de você com um truque.
passkey-name-label = Nome da chave de acesso
passkey-name-default = Meu dispositivo
passkey-enrol-button = Criar uma chave de acesso
passkey-enrol-refused = Não foi possível adicionar a chave de acesso. Tente de novo ou continue sem ela.
passkey-not-now = Agora não

account-heading = Sua conta
account-password = Mudar a senha
account-sessions = Onde você entrou
account-back = Voltar à sua conta
account-others = Outras contas neste navegador
account-password-text = Você sairá de todos os outros lugares, e seus aplicativos pedirão que você entre de novo.
account-current-password = Senha atual
account-new-password = Nova senha
account-new-password-hint = Pelo menos { $count ->
    [one] { $count } caractere. Várias palavras são fáceis de lembrar.
   *[other] { $count } caracteres. Várias palavras são fáceis de lembrar.
  }
account-password-done = Sua senha foi mudada. Você saiu de todos os outros lugares.
account-error-wrong = A senha atual não está certa. Confira e tente de novo.
account-error-incomplete = Digite sua senha atual e uma nova.
account-error-short = A nova senha precisa de pelo menos { $count ->
    [one] { $count } caractere.
   *[other] { $count } caracteres.
  }
account-error-long = A nova senha pode ter no máximo 256 caracteres.
account-error-common = A nova senha é uma das primeiras que atacantes tentam. Escolha outra, por exemplo várias palavras.
account-error-context = A nova senha é feita dos seus próprios nomes. Escolha outra.
account-error-breached = A nova senha é conhecida por um vazamento de dados de outro serviço. Escolha outra.
strength-weak = Fraca: seria adivinhada logo. Mais uma palavra ajuda.
strength-fair = Razoável: com mais uma palavra seria mais difícil de adivinhar.
strength-good = Boa: é difícil de adivinhar.
strength-strong = Forte: é muito difícil de adivinhar.
account-sessions-text = Cada linha é um navegador em que você entrou.
account-session-this = Este navegador
account-session-other = Outro navegador
account-session-since = Entrou em
account-session-seen = Último uso
account-session-remembered = Continua conectado
account-session-end = Sair ali
account-sessions-end = Sair de todos os outros lugares
account-sessions-done = Pronto. Os aplicativos de lá estão sendo avisados.
other-way = Escolher outra forma
ways-heading = Escolha como confirmar que é você
way-passkey = Chave de acesso
way-passkey-text = Sua digital, seu rosto ou o bloqueio de tela
way-totp = Aplicativo autenticador
way-totp-text = Um código de 6 dígitos do seu telefone
way-recovery = Código de recuperação
way-recovery-text = Um dos códigos que você guardou
passkey-confirm-heading = Confirme com sua chave de acesso
passkey-confirm-text = Seu dispositivo pede sua digital, seu rosto ou o bloqueio de tela.
passkey-confirm-button = Usar sua chave de acesso
passkey-confirm-refused = Não foi possível usar esta chave de acesso. Tente de novo ou escolha outra forma.
passkey-no-script = Chaves de acesso precisam de JavaScript. Ative-o ou escolha outra forma.
passkey-set-up-heading = Ou use uma chave de acesso
passkey-set-up-text = Você confirma com sua digital, seu rosto ou o bloqueio de tela. Não há código para digitar.
trust-device = { $count ->
    [one] Não perguntar de novo neste dispositivo por { $count } dia
    *[other] Não perguntar de novo neste dispositivo por { $count } dias
 }
trusted-devices = Dispositivos confiáveis
trusted-devices-text = Neles só a sua senha é pedida.
trusted-device-this = Este dispositivo
trusted-device-other = Outro dispositivo
trusted-device-since = Confiável desde
trusted-device-until = Pergunta de novo em
trusted-device-end = Deixar de confiar

security-heading = Como você entra
security-lead = Suas formas de entrar na sua conta.
security-password = Senha
security-set-on = Definida
security-passkeys = Chaves de acesso
security-none = Nenhuma ainda
security-totp = Aplicativo autenticador
security-advice = Sua senha sozinha abre sua conta. Uma chave de acesso é mais rápida, e ninguém consegue tirá-la de você com um truque.
security-back = Voltar a como você entra
passkeys-empty = Você ainda não tem uma chave de acesso.
passkeys-add = Adicionar uma chave de acesso
passkeys-done = Suas chaves de acesso estão em dia.
passkeys-unavailable = Não há chaves de acesso neste endereço.
passkey-created = Criada
passkey-used = Último uso
passkey-unused = Ainda não usada
passkey-synced = Sincronizada com seus outros dispositivos
passkey-one-device = Em um só dispositivo
passkey-edit = Renomear ou remover
passkey-edit-heading = Sua chave de acesso
passkey-rename = Salvar o nome
passkey-remove = Remover a chave de acesso
passkey-remove-heading = Remover esta chave de acesso?
passkey-remove-text = { $name } não servirá mais para entrar. Você pode criar outra quando quiser.
passkey-last = Esta chave de acesso é sua única forma de entrar. Adicione outra primeiro.
passkey-too-many = Você já tem todas as chaves de acesso possíveis. Remova uma primeiro.
passkey-cannot = Este navegador não consegue criar uma chave de acesso. Use outro ou ative o JavaScript.
passkey-back = Voltar às suas chaves de acesso
totp-new-codes = Criar novos códigos de recuperação
totp-new-codes-text = Quando você cria códigos novos, os antigos deixam de funcionar.
totp-remove = Remover o aplicativo autenticador
totp-remove-heading = Remover o aplicativo autenticador?
totp-remove-text = Depois disso, entrar com a senha não pede mais um código. Seus códigos de recuperação também deixam de funcionar.
totp-removed = O aplicativo autenticador foi removido.
recovery-codes-tick = Guardei estes códigos
confirm-own-text = Esta página diz respeito à segurança da sua conta e precisa de uma entrada recente.
security-codes-left = { $count ->
    [one] { $count } código de recuperação restante
   *[other] { $count } códigos de recuperação restantes
 }

apps-search-label = Buscar nos seus aplicativos
apps-search-button = Buscar
apps-none-found = Nenhum dos seus aplicativos tem esse nome.
apps-show-all = Mostrar todos os aplicativos
account-apps-empty = Seus aplicativos aparecerão aqui assim que algum tiver uma página inicial. Até lá, abra um aplicativo diretamente, e ele reconhecerá você.
connected-heading = Aplicativos que você permitiu
connected-text = Cada aplicativo pode usar sua conta como descrito. O aplicativo que você remover perde a sessão e perguntará de novo na próxima vez.
connected-empty = Nenhum aplicativo pode usar sua conta ainda. Os que você permitir aparecerão aqui.
connected-since = Desde
connected-used = Último uso
connected-remove = Remover
connected-remove-named = Remover { $app }
connected-done = Removido. A sessão do aplicativo está sendo encerrada.
profile-heading = Sobre você
profile-text = Os aplicativos que você permitir veem o que for digitado aqui. Qualquer campo pode ficar vazio.
profile-save = Salvar
profile-done = Salvo. Os aplicativos verão na próxima vez que perguntarem.
profile-errors = Nada foi salvo ainda. Veja os campos marcados.
profile-part-more = Mais sobre você
profile-part-contact = Telefone e endereço
profile-name = Nome completo
profile-given-name = Nome
profile-middle-name = Nome do meio
profile-family-name = Sobrenome
profile-nickname = Apelido
profile-picture = Endereço de uma imagem
profile-picture-hint = Começa com https://.
profile-page = Endereço da sua página de perfil
profile-website = Site
profile-gender = Gênero
profile-birthdate = Data de nascimento
profile-birthdate-hint = Ano, mês e dia, como 1990-12-31.
profile-language = Idioma
profile-language-any = O idioma do seu navegador
profile-zone = Fuso horário
profile-zone-hint = Região e cidade, como Europe/Paris.
profile-phone = Número de telefone
profile-phone-hint = Com o código do país, como +44 20 7946 0000.
profile-address = Endereço, como em uma carta
profile-street = Rua e número
profile-city = Cidade
profile-region = Estado ou região
profile-postal-code = CEP
profile-country = País
profile-error-text = Use no máximo 255 caracteres, todos visíveis.
profile-error-https = Digite um endereço que comece com https://.
profile-error-address = Digite um endereço que comece com https:// ou http://.
profile-error-birthdate = Digite a data como ano, mês e dia, como 1990-12-31.
profile-error-language = Escolha um idioma da lista.
profile-error-zone = Digite o fuso horário como região e cidade, como Europe/Paris.
profile-error-phone = Digite o número com o código do país, como +44 20 7946 0000.
account-session-apps = Aplicativos usados:
account-session-network = Rede
delete-heading = Excluir sua conta
delete-at-once = Sua sessão é encerrada em todos os lugares na hora, e nenhum aplicativo poderá usar sua conta.
delete-after = Depois de { $count ->
    [one] { $count } dia
   *[other] { $count } dias
  }, a conta e tudo o que há nela é excluído definitivamente.
delete-until = Até lá, entre para mantê-la.
delete-button = Excluir minha conta
delete-pending-heading = Sua conta será excluída
delete-pending-text = Você pediu isso. Ela será excluída definitivamente em
delete-keep = Manter minha conta
delete-kept = Sua conta continua. Seus aplicativos pedirão que você entre de novo.
email-heading = Seu endereço de e-mail
email-none = Nenhum endereço ainda
email-confirmed = Confirmado
email-unconfirmed = Ainda não confirmado
email-change = Confirmar ou mudar seu endereço de e-mail
email-no-mail = Nenhum e-mail é enviado daqui. Fale com quem administra este serviço para mudar seu endereço.
email-verify-text = Confirme que este endereço é seu. Um código é enviado para ele.
email-new-heading = Usar outro endereço
email-new-label = Novo endereço de e-mail
email-new-hint = Um código é enviado para ele. Sua conta mantém o endereço atual até você digitar o código.
email-sent = Um código está a caminho de { $address }. Digite-o aqui ou abra o link da mensagem.
email-confirm-button = Confirmar
email-resend = Enviar outro código
email-done = Seu endereço de e-mail está confirmado.
email-error-same = Este já é o seu endereço, e ele está confirmado.
email-error-incomplete = Digite o código da mensagem.
email-error-taken = Outra conta já tem este endereço. Sua conta continua como está.
email-link-heading = Confirmar { $address }
email-link-text = Ele passa a ser o endereço da conta { $username }. Confirme apenas se esta conta for sua.
email-link-done = O endereço está confirmado
email-link-done-text = Continue de onde começou, em qualquer dispositivo que tenha sido.
email-taken-heading = Este endereço está em uso
export-heading = Seus dados
export-text = Tudo o que sabemos sobre você, em um arquivo: perfil, sessões, aplicativos, chaves de acesso e segundos fatores. Ele não contém senhas nem segredos.
export-button = Baixar o arquivo

mails-heading = Mensagens
mails-lead = As últimas 50 mensagens deste processo, mostradas porque ele roda em modo de desenvolvimento.
mails-empty = Nenhuma mensagem foi enviada ainda.

mail-hello = Olá, { $name },
mail-hello-nobody = Olá,
mail-for-days = { $count ->
    [one] { $count } dia
   *[other] { $count } dias
 }
mail-for-hours = { $count ->
    [one] { $count } hora
   *[other] { $count } horas
 }
mail-when = Data
mail-device = Dispositivo
mail-network = Rede
mail-footer = Esta mensagem foi enviada por { $brand }. Ninguém lê as respostas.
mail-not-asked = Se você não pediu isto, não há nada a fazer: sem o código nada muda. Não dê o código a ninguém.
mail-not-expected = Se você não esperava esta mensagem, não há nada a fazer.
mail-not-you = Se não foi você, entre agora e proteja sua conta.
mail-ask-operator = Se você não esperava esta mensagem, fale com quem administra { $brand }.
mail-account-button = Abrir minha conta
mail-verify-subject = { $code } é o código para confirmar seu endereço
mail-verify-text = Digite este código na página que o pede. Ele vale por { $wait }.
mail-verify-button = Confirmar meu endereço
mail-reset-subject = { $code } é o código para uma nova senha
mail-reset-text = Digite este código na página que o pede para escolher uma nova senha. Ele vale por { $wait }.
mail-reset-button = Escolher nova senha
mail-email-changed-subject = O endereço da sua conta mudou
mail-email-changed-from = Sua conta agora usa o endereço { $address }. As mensagens sobre ela não chegam mais aqui.
mail-email-changed-to = Este é agora o endereço da sua conta.
mail-password-changed-subject = Sua senha mudou
mail-password-changed-text = Sua conta tem uma nova senha e todos os dispositivos foram desconectados.
mail-new-sign-in-subject = Nova entrada na sua conta
mail-new-sign-in-text = Sua conta foi usada com um dispositivo ou navegador que ela não conhecia.
mail-factor-added-subject = Sua conta tem uma nova forma de entrar
mail-factor-added-text = Isto foi adicionado à sua conta: { $factor }.
mail-factor-removed-subject = Uma forma de entrar foi removida da sua conta
mail-factor-removed-text = Isto foi removido da sua conta: { $factor }.
mail-disabled-subject = Sua conta está desativada
mail-disabled-text = Por enquanto ninguém pode entrar na sua conta e todos os dispositivos foram desconectados.
mail-deleted-subject = Sua conta foi excluída
mail-deleted-text = Sua conta e o que pertencia a ela foram excluídos.
mail-taken-subject = Alguém pediu seu endereço
mail-taken-text = Alguém queria que este endereço fosse o de outra conta. Ele continua na sua, e nada mudou.
mail-codes-made-subject = Sua conta tem novos códigos de recuperação
mail-codes-made-text = Novos códigos de recuperação foram criados. Os antigos não valem mais.
mail-codes-low-subject = Seus códigos de recuperação estão acabando
mail-codes-low-text = Um código de recuperação foi usado. Códigos restantes: { $count }.
mail-consent-subject = Um aplicativo agora pode usar sua conta
mail-consent-text = Você deu acesso a este aplicativo: { $app }. Ele se registrou sozinho, e ninguém aqui o verificou.
mail-deletion-subject = Sua conta será excluída
mail-deletion-text = Sua conta será excluída para sempre em { $day }. Para mantê-la, entre antes disso.
mail-kept-subject = Sua conta continua
mail-kept-text = Sua conta não será mais excluída.
mail-invitation-subject = Convite para { $brand }
mail-invitation-text = Abra esta página para criar sua conta. O convite vale por { $wait }.
mail-invitation-button = Criar minha conta

setup-heading = Configurar { $brand }
setup-lead = Crie a primeira conta. Ela administra tudo aqui.
setup-checks = O que o seu navegador vê
setup-address-same = Você veio pelo endereço configurado, { $url }.
setup-address-other = O endereço configurado é { $url }, e você veio por outro.
setup-address-go = Ir para lá
setup-protected = A conexão está protegida ou não sai desta máquina.
setup-unprotected = A conexão não está protegida. Configure https antes que outras pessoas entrem.
setup-username = Nome de usuário
setup-username-hint = Letras de a a z, números, pontos, hifens e sublinhados.
setup-email = E-mail
setup-name = Seu nome (opcional)
setup-passkey-button = Criar conta com uma chave de acesso
setup-or-password = Ou escolha uma senha.
setup-password-button = Criar conta com uma senha
setup-error-username = O nome de usuário só pode ter letras de a a z, números, pontos, hifens e sublinhados.
setup-error-email = O e-mail não está completo. Confira e tente de novo.
setup-error-name = O nome tem um sinal que não pode estar em um nome. Confira e tente de novo.
setup-error-taken = Outra conta tem este nome de usuário ou e-mail. Escolha outros.
setup-error-no-way-in = Crie uma chave de acesso ou escolha uma senha, para poder entrar de novo.
setup-error-passkey = Não foi possível criar a chave de acesso. Tente de novo ou escolha uma senha.
setup-over-heading = Este link não funciona mais
setup-over-text = Ele foi usado, tem mais de uma hora ou foi substituído. Para um link novo, execute isto onde o Tessera roda:
setup-over-done = Tudo está configurado. Entre com a conta que foi criada.

recover-link = Esqueceu sua senha?
recover-heading = Esqueceu sua senha?
recover-text = Digite seu e-mail ou nome de usuário. Se houver uma conta correspondente, enviaremos um código ao endereço dela.
recover-button = Enviar um código
recover-no-mail = Nenhum e-mail é enviado daqui. Fale com quem administra este serviço: podem lhe dar um link para definir uma nova senha.
recover-sent-heading = Confira seu e-mail
recover-sent-text = Se houver uma conta correspondente, uma mensagem está a caminho. Digite o código dela e escolha uma nova senha, ou abra o link que ela traz.
recover-code-label = Código da mensagem
recover-code-hint = 8 letras e números. Vale por 30 minutos.
recover-password-heading = Escolha uma nova senha
recover-password-text = Você sairá de todos os lugares. Depois, entre com a nova senha.
recover-password-button = Definir a nova senha
recover-again = A mensagem não chegou? Peça outro código
recover-back = Voltar para a entrada
recover-gone-heading = Este link não funciona mais
recover-gone-text = Ele já foi usado, é antigo demais ou um mais novo tomou seu lugar.
recover-gone-again = Pedir outro código
recover-error-identifier = Digite seu e-mail ou nome de usuário.
recover-error-code = Esse código não está certo ou não vale mais. Verifique-o ou peça outro.
recover-error-incomplete = Preencha todos os campos.
