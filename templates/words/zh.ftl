# Chinese in simplified characters. The pages address people informally.

dev-ribbon = 开发模式
insecure-note = 此页面没有 https 保护。只有在自己的电脑上才可以这样使用。
languages = 语言
error-prefix = 错误：
reference = 参考编号
copy = 复制
copied = 已复制
continue = 继续
continue-to = 继续前往 { $app }
back-to = 返回 { $app }
go-home = 前往我的应用
try-again = 重试
new = 新
sign-out = 退出登录

sign-in-heading = 登录
sign-in-title = 登录 { $app }
sign-in-lead = 登录后将继续前往
sign-in-button = 登录
confirm-heading = { $app } 需要确认是你本人
confirm-heading-own = 确认是你本人
identifier-label = 邮箱或用户名
password-label = 密码
show = 显示
hide = 隐藏
show-password = 显示密码
hide-password = 隐藏密码
caps-lock = 大写锁定已开启。
remember = 在此设备上保持登录
not-you = 不是你？使用其他账号
back-to-accounts = 返回账号列表
stale-form = 此页面已打开了一段时间。重新登录即可继续。
error-wrong-credentials = 邮箱或密码不匹配。检查这两项后再试一次。
error-incomplete = 输入邮箱或用户名，以及密码。
error-too-many-tries = 尝试次数过多。{ $wait }后再试。
error-busy = 现在登录的人很多。{ $wait }后再试。
wait-seconds = { $count ->
   *[other] { $count } 秒
 }
wait-minutes = { $count ->
   *[other] { $count } 分钟
 }

accounts-heading = 选择账号
already-heading = 你已经登录
continue-as = 以 { $name } 的身份继续
other-account = 使用其他账号

consent-title = 允许 { $app }？
consent-heading = { $app } 想使用你的账号
app-unverified = 此应用是自行注册的，管理员尚未核实。
consent-host = 之后你将返回
consent-asks = { $app } 将可以
consent-lifetime = 退出登录后，此访问权限即结束。
consent-lifetime-offline = 退出登录后此访问权限仍然有效，直到你收回为止，最长 { $count ->
   *[other] { $count } 天
  }。
consent-note = 只有在信任 { $app } 时才允许。它看不到你的密码。
signed-in-as = 当前登录的账号
switch-account = 切换账号
allow = 允许
deny = 拒绝
privacy-policy = 隐私政策
terms = 使用条款
scope-openid = 知道你是谁
scope-profile = 查看你的姓名、用户名和头像
scope-email = 查看你的邮箱地址
scope-phone = 查看你的电话号码
scope-address = 查看你的通信地址
scope-groups = 查看你所属的群组
scope-offline-access = 在你不使用应用时保留此访问权限，直到你将其移除
scope-other = 其他访问权限：{ $scope }

hand-off-heading = 正在前往 { $app }
hand-off-ask-heading = 继续前往 { $app }？
hand-off-heading-unknown = 正在前往应用
hand-off-ask = 应用请求的事项未能完成。只有在你认识 { $host } 时才继续。
hand-off-text = 需要一点时间。如果没有反应，可以使用下面的链接。
form-post-text = 还差一步：将答复发送给应用。

apps-heading = 我的应用
apps-empty = 这里还没有应用提供起始页。直接打开应用，它就会认出你。
welcome-heading = 欢迎使用 { $brand }
welcome-text = 登录一次，所有已连接的应用都知道你是谁。

sign-out-heading = 退出 { $brand }？
sign-out-asked = { $app } 请求让你退出登录。
sign-out-text = 在此浏览器中，你将退出所有使用此登录的应用。
sign-out-told = 将通知以下应用：
sign-out-button = 退出登录
stay-signed-in = 保持登录
signed-out-heading = 你已退出登录
signed-out-text = 如果是公用电脑，也关闭浏览器。
signed-out-told = 正在通知以下应用：
signed-out-frame = 正在通知应用

not-found-heading = 找不到该页面
not-found-text = 链接可能已过期，或者地址有输入错误。
method-heading = 此页面不能以这种方式打开
method-text = 从“我的应用”重新开始。
forged-heading = 此表单来自其他地方
forged-text = 为了你的安全，我们只接受本站页面的表单。从你来时的应用重新开始。
expired-heading = 用时过长
expired-text = 从你来时的应用重新开始。没有丢失任何内容。
cookie-heading = 浏览器拦截了我们需要的 Cookie
cookie-text = 登录需要本站的一个 Cookie。在浏览器设置中允许它，然后重试。
loop-heading = { $app } 一直把你送回这里
loop-text = 你已登录，但 { $app } 没有完成登录。等一分钟再试；如果仍然如此，告诉该应用的支持人员。
too-large-heading = 一次发送的内容太多
too-large-text = 请求超出了我们接受的大小。从你来时的应用重新开始。
bad-request-heading = 我们无法读取该请求
bad-request-text = 从你来时的应用重新开始。
fault-heading = 我们这边出了问题
fault-text = 稍后再试。如果再次发生，把下面的参考编号告诉支持人员。
busy-heading = 当前访问量很大
busy-text = { $wait }后再试。
too-many-heading = 尝试次数过多
too-many-text = 来自你所在网络的请求过多。{ $wait }后再试。
maintenance-heading = 很快回来
maintenance-text = 服务正在维护。几分钟后再试。

request-heading = 来自 { $app } 的此链接无法使用
request-heading-unknown = 此链接无法使用
request-text = 应用的设置有误，你的账号没有任何问题。告诉该应用的运营人员。
request-text-gone = 这次登录用时过长，或者之前已经完成，你的账号没有任何问题。返回应用并重新登录。
request-text-disabled = 该应用在这里已停用，你的账号没有任何问题。告诉该应用的运营人员。
request-developer = 致 { $app } 的开发者
request-developer-unknown = 致该应用的开发者
error-code = 错误代码
what-is-wrong = 问题所在
received = 收到的值
how-to-fix = 解决方法
time-utc = 时间（UTC）
time-here = 你的当地时间
rule-unknown-client = 没有客户端使用此 client_id。
rule-disabled-client = 该客户端已停用。
rule-missing-client = 缺少参数 client_id。
rule-repeated = 参数 { $name } 出现了不止一次。
rule-pushed-request-gone = 该 request_uri 未知、已过期、已使用，或者属于另一个客户端。
rule-missing-redirect = 缺少参数 redirect_uri。
difference-trailing-slash = redirect_uri 与已注册地址的唯一区别是末尾的斜杠。
difference-scheme = redirect_uri 与已注册地址的唯一区别是协议（http 或 https）。
difference-port = redirect_uri 与已注册地址的唯一区别是端口。
difference-host-case = redirect_uri 与已注册地址的唯一区别是大小写或书写方式。
difference-host = redirect_uri 与已注册地址的唯一区别是主机。
difference-path = redirect_uri 与已注册地址的唯一区别是路径。
difference-query = redirect_uri 与已注册地址的唯一区别是查询字符串。
difference-localhost = 注册的是回环地址，而 redirect_uri 写的是 localhost，或者相反。
difference-fragment = redirect_uri 含有片段（#…），而片段不可使用。
difference-other = redirect_uri 没有为此客户端注册。
fix-unknown-client = 将 client_id 与创建客户端时显示的值进行比较。
fix-disabled-client = 请运营人员启用该客户端。
fix-missing-client = 在请求中发送 client_id。
fix-repeated = 每个参数只发送一次。
fix-pushed-request-gone = 将请求再次发送到 /par，并在 expires_in 给出的时间内引导浏览器前往。
fix-missing-redirect = 在请求中发送 redirect_uri，并与注册的完全一致。
fix-redirect = 为客户端注册此地址，或者发送已注册的地址。地址按字节逐一比对。

totp-heading = 输入验证器应用中的验证码
totp-label = 6 位验证码
totp-wrong = 验证码不匹配、已使用或已过期。等待下一个验证码。
totp-instead = 改用验证器应用
totp-step-up = 你已登录。此应用还需要你的第二重验证。
totp-setup-heading = 设置验证器应用
totp-setup-asked = { $app } 需要第二重验证才能让你进入。
totp-setup-lead = 从现在起，手机上的应用会给你一个用于登录的验证码。
totp-setup-wrong = 验证码不匹配。检查手机的时间，然后输入应用现在显示的验证码。
totp-setup-button = 确认
totp-scan = 用验证器应用扫描此码
totp-key = 或者在应用中输入此密钥：
recovery-heading = 输入一个恢复码
recovery-label = 恢复码
recovery-wrong = 恢复码不匹配或已使用。每个恢复码只能使用一次。
recovery-instead = 改用恢复码
recovery-codes-heading = 将这些恢复码保存在安全的地方
recovery-codes-lead = 手机不在身边时，每个恢复码可以登录一次。它们只在现在显示。
recovery-codes-download = 下载恢复码
recovery-codes-onward = 我已保存

passkey-sign-in-button = 使用通行密钥登录
passkey-refused = 无法使用此通行密钥。重试，或者用密码登录。
passkey-offer-heading = 下次更快登录
passkey-offer-text = 有了通行密钥，你可以用指纹、面容或屏幕锁登录。无需输入密码，也没有人能骗走它。
passkey-name-label = 通行密钥的名称
passkey-name-default = 我的设备
passkey-enrol-button = 创建通行密钥
passkey-enrol-refused = 未能添加通行密钥。重试，或者暂不添加并继续。
passkey-not-now = 以后再说

account-heading = 您的账户
account-password = 更改密码
account-sessions = 您的登录位置
account-apps-back = 您的应用
account-back = 返回您的账户
account-others = 此浏览器中的其他账户
account-password-text = 您将在其他所有位置退出登录，您的应用会要求您重新登录。
account-current-password = 当前密码
account-new-password = 新密码
account-new-password-hint = 至少 { $count ->
   *[other] { $count } 个字符。几个词组合在一起容易记住。
  }
account-password-done = 您的密码已更改。您已在其他所有位置退出登录。
account-error-wrong = 当前密码不正确。请检查后再试一次。
account-error-incomplete = 输入当前密码和新密码。
account-error-short = 新密码至少需要 { $count ->
   *[other] { $count } 个字符。
  }
account-error-long = 新密码最多可以有 256 个字符。
account-error-common = 新密码是攻击者最先尝试的密码之一。换一个，例如几个词的组合。
account-error-context = 新密码由您自己的名称组成。换一个。
account-sessions-text = 每一行是您登录过的一个浏览器。
account-session-this = 此浏览器
account-session-other = 另一个浏览器
account-session-since = 登录时间
account-session-seen = 上次使用
account-session-remembered = 保持登录
account-session-end = 在那里退出登录
account-sessions-end = 在其他所有位置退出登录
account-sessions-done = 完成。正在通知那里的应用。

mails-heading = 邮件
mails-lead = 此进程最近发送的 50 封邮件。因为它在开发模式下运行，所以显示在这里。
mails-empty = 尚未发送任何邮件。

mail-hello = { $name }，您好：
mail-hello-nobody = 您好：
mail-for-days = { $count ->
   *[other] { $count } 天
 }
mail-for-hours = { $count ->
   *[other] { $count } 小时
 }
mail-when = 时间
mail-device = 设备
mail-network = 网络
mail-footer = 此邮件由 { $brand } 发送。回复不会有人阅读。
mail-not-asked = 如果不是您提出的请求，无需任何操作：没有验证码，什么都不会改变。请勿将验证码告诉任何人。
mail-not-expected = 如果您并不期待此邮件，无需任何操作。
mail-not-you = 如果不是您本人操作，请立即登录并保护您的帐户。
mail-ask-operator = 如果您并不期待此邮件，请联系 { $brand } 的管理人员。
mail-account-button = 打开我的帐户
mail-verify-subject = { $code } 是确认您邮箱地址的验证码
mail-verify-text = 请在要求输入的页面上输入此验证码。有效期为 { $wait }。
mail-verify-button = 确认邮箱地址
mail-reset-subject = { $code } 是设置新密码的验证码
mail-reset-text = 请在要求输入的页面上输入此验证码，以设置新密码。有效期为 { $wait }。
mail-reset-button = 设置新密码
mail-email-changed-subject = 您帐户的邮箱地址已更改
mail-email-changed-from = 您的帐户现在使用地址 { $address }。相关邮件不再发送到这里。
mail-email-changed-to = 这是您帐户现在的邮箱地址。
mail-password-changed-subject = 您的密码已更改
mail-password-changed-text = 您的帐户已设置新密码，所有设备均已退出登录。
mail-new-sign-in-subject = 您的帐户有新的登录
mail-new-sign-in-text = 您的帐户在此前未见过的设备或浏览器上被使用。
mail-factor-added-subject = 您的帐户新增了登录方式
mail-factor-added-text = 已添加到您的帐户：{ $factor }。
mail-factor-removed-subject = 您的帐户移除了一种登录方式
mail-factor-removed-text = 已从您的帐户移除：{ $factor }。
mail-disabled-subject = 您的帐户已停用
mail-disabled-text = 目前任何人都无法登录您的帐户，所有设备均已退出登录。
mail-deleted-subject = 您的帐户已删除
mail-deleted-text = 您的帐户及其所有内容均已删除。
mail-invitation-subject = { $brand } 的邀请
mail-invitation-text = 打开此页面创建您的帐户。邀请有效期为 { $wait }。
mail-invitation-button = 创建我的帐户

recover-link = 忘记密码？
recover-heading = 忘记密码？
recover-text = 输入邮箱或用户名。如果有匹配的账户，我们会向其邮箱发送验证码。
recover-button = 发送验证码
recover-no-mail = 这里不发送邮件。请联系此服务的管理人员，他们可以提供用于设置新密码的链接。
recover-sent-heading = 查看你的邮箱
recover-sent-text = 如果有匹配的账户，邮件已在路上。输入其中的验证码并设置新密码，或打开其中的链接。
recover-code-label = 邮件中的验证码
recover-code-hint = 8 位字母和数字，30 分钟内有效。
recover-password-heading = 设置新密码
recover-password-text = 你将在所有地方退出登录，然后用新密码登录。
recover-password-button = 保存新密码
recover-again = 没有收到邮件？重新获取验证码
recover-back = 返回登录
recover-gone-heading = 此链接已失效
recover-gone-text = 它已被使用、已过期，或已被更新的链接取代。
recover-gone-again = 重新获取验证码
recover-error-identifier = 输入邮箱或用户名。
recover-error-code = 验证码不正确或已失效。检查后再试，或重新获取。
recover-error-incomplete = 请填写所有字段。
