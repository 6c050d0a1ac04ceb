# Japanese, polite and plain.

dev-ribbon = 開発モード
insecure-note = このページは https で保護されていません。ご自分のパソコンの中でだけ問題ありません。
languages = 言語
error-prefix = エラー：
reference = 参照番号
copy = コピー
copied = コピーしました
continue = 続ける
continue-to = { $app } へ進む
back-to = { $app } に戻る
go-home = アプリ一覧へ
try-again = もう一度試す
new = 新規
sign-out = ログアウト

sign-in-heading = ログイン
sign-in-title = { $app } にログイン
sign-in-lead = ログイン後の移動先：
sign-in-button = ログイン
confirm-heading = { $app } が本人確認を求めています
confirm-heading-own = ご本人であることを確認します
identifier-label = メールアドレスまたはユーザー名
password-label = パスワード
show = 表示
hide = 隠す
show-password = パスワードを表示
hide-password = パスワードを隠す
caps-lock = Caps Lock がオンです。
remember = この端末でログインしたままにする
not-you = 別の方ですか？別のアカウントを使う
back-to-accounts = アカウント一覧に戻る
stale-form = このページはしばらく開いたままでした。続けるにはもう一度ログインしてください。
error-wrong-credentials = メールアドレスまたはパスワードが一致しません。両方を確かめて、もう一度お試しください。
error-incomplete = メールアドレスまたはユーザー名と、パスワードを入力してください。
error-too-many-tries = 試した回数が多すぎます。{ $wait }後にもう一度お試しください。
error-busy = ただいまログインが混み合っています。{ $wait }後にもう一度お試しください。
wait-seconds = { $count ->
   *[other] { $count } 秒
 }
wait-minutes = { $count ->
   *[other] { $count } 分
 }

accounts-heading = アカウントを選ぶ
already-heading = すでにログインしています
continue-as = { $name } として続ける
other-account = 別のアカウントを使う

consent-title = { $app } を許可しますか？
consent-heading = { $app } があなたのアカウントの利用を求めています
app-unverified = このアプリは自ら登録したもので、管理者は確認していません。
consent-host = このあとの戻り先：
consent-asks = { $app } ができるようになること
consent-lifetime = このアクセスはログアウトすると終わります。
consent-lifetime-offline = このアクセスはログアウトした後も続きます。取り消すまで、最長 { $count ->
   *[other] { $count } 日間
  }です。
consent-note = { $app } を信頼できる場合だけ許可してください。パスワードがアプリに渡ることはありません。
signed-in-as = ログイン中のアカウント
switch-account = アカウントを切り替える
allow = 許可する
deny = 許可しない
privacy-policy = プライバシーポリシー
terms = 利用規約
scope-openid = あなたが誰かを知る
scope-profile = 名前、ユーザー名、写真を見る
scope-email = メールアドレスを見る
scope-phone = 電話番号を見る
scope-address = 住所を見る
scope-groups = 所属するグループを見る
scope-offline-access = 取り消されるまで、アプリを使っていない間もこのアクセスを保つ
scope-other = その他のアクセス：{ $scope }

hand-off-heading = { $app } へ移動しています
hand-off-ask-heading = { $app } へ進みますか？
hand-off-heading-unknown = アプリへ移動しています
hand-off-ask = アプリの求めには応じられませんでした。{ $host } に心当たりがある場合だけ進んでください。
hand-off-text = 少し時間がかかります。何も起こらないときはリンクを使ってください。
form-post-text = あと一歩です。アプリに応答を送ります。

apps-heading = アプリ一覧
apps-empty = ここに開始ページを持つアプリはまだありません。アプリを直接開けば、あなただと分かります。
welcome-heading = { $brand } へようこそ
welcome-text = 一度ログインすれば、つながっているすべてのアプリであなただと分かります。

sign-out-heading = { $brand } からログアウトしますか？
sign-out-asked = { $app } がログアウトを求めています。
sign-out-text = このブラウザーで、このログインを使っているすべてのアプリからログアウトします。
sign-out-told = 次のアプリに知らせます：
sign-out-button = ログアウト
stay-signed-in = ログインしたままにする
signed-out-heading = ログアウトしました
signed-out-text = 共用のパソコンでは、ブラウザーも閉じてください。
signed-out-told = 次のアプリに知らせています：
signed-out-frame = アプリへのお知らせ

not-found-heading = ページが見つかりません
not-found-text = リンクが古いか、アドレスに打ち間違いがあるのかもしれません。
method-heading = このページはその方法では開けません
method-text = アプリ一覧からやり直してください。
forged-heading = このフォームは別の場所から届きました
forged-text = 安全のため、当サイトのページのフォームだけを受け付けています。元のアプリからやり直してください。
expired-heading = 時間がかかりすぎました
expired-text = 元のアプリからやり直してください。失われたものはありません。
cookie-heading = 必要な Cookie がブラウザーでブロックされました
cookie-text = ログインにはこのサイトの Cookie が一つ必要です。ブラウザーの設定で許可して、もう一度お試しください。
loop-heading = { $app } から何度もここに戻されています
loop-text = ログインは済んでいますが、{ $app } がログインを完了していません。1 分待ってもう一度お試しください。続くようなら、アプリのサポートにお知らせください。
too-large-heading = 一度に送る量が多すぎました
too-large-text = 受け付けられる大きさを超えています。元のアプリからやり直してください。
bad-request-heading = このリクエストを読み取れません
bad-request-text = 元のアプリからやり直してください。
fault-heading = こちら側で問題が起きました
fault-text = 少し待ってもう一度お試しください。また起きるときは、下の参照番号をサポートにお知らせください。
busy-heading = ただいま混み合っています
busy-text = { $wait }後にもう一度お試しください。
too-many-heading = 試した回数が多すぎます
too-many-text = お使いのネットワークからのリクエストが多すぎました。{ $wait }後にもう一度お試しください。
maintenance-heading = まもなく再開します
maintenance-text = サービスを整備しています。数分後にもう一度お試しください。

request-heading = { $app } からのこのリンクは使えません
request-heading-unknown = このリンクは使えません
request-text = アプリの設定に誤りがあります。あなたのアカウントに問題はありません。アプリの運営者にお知らせください。
request-text-gone = このログインは時間がかかりすぎたか、すでに終わっています。あなたのアカウントに問題はありません。アプリに戻って、もう一度ログインしてください。
request-text-disabled = このアプリはここでは停止されています。あなたのアカウントに問題はありません。アプリの運営者にお知らせください。
request-developer = { $app } の開発者の方へ
request-developer-unknown = アプリの開発者の方へ
error-code = エラーコード
what-is-wrong = 問題の内容
received = 受け取った値
how-to-fix = 直し方
time-utc = 時刻（UTC）
time-here = お使いの地域の時刻
rule-unknown-client = この client_id を持つクライアントはありません。
rule-disabled-client = クライアントは停止されています。
rule-missing-client = パラメーター client_id がありません。
rule-repeated = パラメーター { $name } が二つ以上あります。
rule-pushed-request-gone = request_uri が不明か、期限切れか、使用済みか、別のクライアントのものです。
rule-missing-redirect = パラメーター redirect_uri がありません。
difference-trailing-slash = redirect_uri は登録済みのものと末尾のスラッシュだけが異なります。
difference-scheme = redirect_uri は登録済みのものとスキーム（http または https）だけが異なります。
difference-port = redirect_uri は登録済みのものとポートだけが異なります。
difference-host-case = redirect_uri は登録済みのものと大文字・小文字または書き方だけが異なります。
difference-host = redirect_uri は登録済みのものとホストだけが異なります。
difference-path = redirect_uri は登録済みのものとパスだけが異なります。
difference-query = redirect_uri は登録済みのものとクエリだけが異なります。
difference-localhost = ループバックアドレスが登録されているのに redirect_uri が localhost になっているか、その逆です。
difference-fragment = redirect_uri にフラグメント（#…）があります。フラグメントは使えません。
difference-other = redirect_uri はこのクライアントに登録されていません。
fix-unknown-client = クライアントの作成時に表示された client_id と比べてください。
fix-disabled-client = クライアントを再開するよう運用者に依頼してください。
fix-missing-client = リクエストに client_id を付けて送ってください。
fix-repeated = 各パラメーターは一度だけ送ってください。
fix-pushed-request-gone = リクエストをもう一度 /par に送り、expires_in が示す時間内にブラウザーを送ってください。
fix-missing-redirect = 登録したとおりの redirect_uri をリクエストに付けて送ってください。
fix-redirect = このアドレスをクライアントに登録するか、登録済みのアドレスを送ってください。アドレスはバイト単位で照合されます。

totp-heading = アプリのコードを入力
totp-label = 6 桁のコード
totp-wrong = コードが一致しないか、使用済みか、期限切れです。次のコードをお待ちください。
totp-instead = 代わりに認証アプリを使う
totp-step-up = ログインしています。このアプリには第二の要素も必要です。
totp-setup-heading = 認証アプリを設定する
totp-setup-asked = { $app } に入るには第二の要素が必要です。
totp-setup-lead = これからは、スマートフォンのアプリがログイン用のコードを表示します。
totp-setup-wrong = コードが一致しません。スマートフォンの時刻を確かめて、アプリが今表示しているコードを入力してください。
totp-setup-button = 確認
totp-scan = 認証アプリで読み取ってください
totp-key = または、このキーをアプリに入力してください：
recovery-heading = リカバリーコードを一つ入力
recovery-label = リカバリーコード
recovery-wrong = コードが一致しないか、使用済みです。各コードは一度だけ使えます。
recovery-instead = 代わりにリカバリーコードを使う
recovery-codes-heading = これらのコードを安全な場所に保存してください
recovery-codes-lead = スマートフォンが手元にないとき、コード一つで一度ログインできます。表示されるのは今だけです。
recovery-codes-download = コードをダウンロード
recovery-codes-onward = 保存しました

passkey-sign-in-button = パスキーでログイン
passkey-refused = このパスキーは使えませんでした。もう一度お試しになるか、パスワードでログインしてください。
passkey-offer-heading = 次回からもっと速くログイン
passkey-offer-text = パスキーがあれば、指紋、顔、または画面ロックでログインできます。入力するパスワードがないので、だまし取られることもありません。
passkey-name-label = パスキーの名前
passkey-name-default = マイデバイス
passkey-enrol-button = パスキーを作成
passkey-enrol-refused = パスキーを追加できませんでした。もう一度お試しになるか、追加せずに進んでください。
passkey-not-now = 今はしない

account-heading = アカウント
account-password = パスワードを変更
account-sessions = ログイン中の場所
account-apps-back = アプリ
account-back = アカウントに戻る
account-others = このブラウザのほかのアカウント
account-password-text = ほかのすべての場所からログアウトし、アプリで再びログインを求められます。
account-current-password = 現在のパスワード
account-new-password = 新しいパスワード
account-new-password-hint = { $count ->
   *[other] { $count } 文字以上。いくつかの単語を組み合わせると覚えやすくなります。
  }
account-password-done = パスワードを変更しました。ほかのすべての場所からログアウトしました。
account-error-wrong = 現在のパスワードが違います。確認してもう一度お試しください。
account-error-incomplete = 現在のパスワードと新しいパスワードを入力してください。
account-error-short = 新しいパスワードは { $count ->
   *[other] { $count } 文字以上にしてください。
  }
account-error-long = 新しいパスワードは 256 文字までです。
account-error-common = 新しいパスワードは攻撃者が最初に試すものの一つです。いくつかの単語を組み合わせるなど、別のものを選んでください。
account-error-context = 新しいパスワードがご自身の名前でできています。別のものを選んでください。
account-sessions-text = それぞれの行は、ログインしたブラウザです。
account-session-this = このブラウザ
account-session-other = 別のブラウザ
account-session-since = ログイン
account-session-seen = 最終利用
account-session-remembered = ログイン状態を保持
account-session-end = そこからログアウト
account-sessions-end = ほかのすべての場所からログアウト
account-sessions-done = 完了しました。そこのアプリに知らせています。

mails-heading = メール
mails-lead = このプロセスが最近送った 50 通です。開発モードで動いているため、ここに表示されます。
mails-empty = まだメールは送られていません。

mail-hello = { $name } 様
mail-hello-nobody = こんにちは
mail-for-days = { $count ->
   *[other] { $count } 日間
 }
mail-for-hours = { $count ->
   *[other] { $count } 時間
 }
mail-when = 日時
mail-device = 端末
mail-network = ネットワーク
mail-footer = このメールは { $brand } から送信されました。返信は読まれません。
mail-not-asked = お心当たりがなければ、何もする必要はありません。コードがなければ何も変わりません。コードは誰にも教えないでください。
mail-not-expected = お心当たりがなければ、何もする必要はありません。
mail-not-you = ご自身でなければ、今すぐサインインしてアカウントを保護してください。
mail-ask-operator = お心当たりがなければ、{ $brand } の管理者にお問い合わせください。
mail-account-button = アカウントを開く
mail-verify-subject = { $code } はメールアドレスの確認コードです
mail-verify-text = コードを求めているページに入力してください。有効期間は { $wait } です。
mail-verify-button = アドレスを確認する
mail-reset-subject = { $code } は新しいパスワードのためのコードです
mail-reset-text = コードを求めているページに入力して、新しいパスワードを設定してください。有効期間は { $wait } です。
mail-reset-button = 新しいパスワードを設定する
mail-email-changed-subject = アカウントのアドレスが変わりました
mail-email-changed-from = アカウントのアドレスは { $address } になりました。今後のメールはここには届きません。
mail-email-changed-to = これがアカウントの新しいアドレスです。
mail-password-changed-subject = パスワードが変わりました
mail-password-changed-text = アカウントのパスワードが新しくなり、すべての端末がサインアウトされました。
mail-new-sign-in-subject = アカウントへの新しいサインイン
mail-new-sign-in-text = これまで使われたことのない端末またはブラウザーでアカウントが使われました。
mail-factor-added-subject = アカウントに新しいサインイン方法が加わりました
mail-factor-added-text = アカウントに追加されました: { $factor }。
mail-factor-removed-subject = アカウントからサインイン方法が削除されました
mail-factor-removed-text = アカウントから削除されました: { $factor }。
mail-disabled-subject = アカウントが停止されました
mail-disabled-text = 現在、このアカウントには誰もサインインできず、すべての端末がサインアウトされました。
mail-deleted-subject = アカウントが削除されました
mail-deleted-text = アカウントとそれに属するものは削除されました。
mail-invitation-subject = { $brand } への招待
mail-invitation-text = このページを開いてアカウントを作成してください。招待の有効期間は { $wait } です。
mail-invitation-button = アカウントを作成する

recover-link = パスワードを忘れた場合
recover-heading = パスワードを忘れた場合
recover-text = メールアドレスまたはユーザー名を入力してください。一致するアカウントがあれば、そのアドレスにコードを送ります。
recover-button = コードを送る
recover-no-mail = ここからメールは送信されません。このサービスの運営者にお問い合わせください。新しいパスワードを設定するリンクを受け取れます。
recover-sent-heading = メールを確認してください
recover-sent-text = 一致するアカウントがあれば、メールをお送りしています。メールのコードを入力して新しいパスワードを決めるか、メールのリンクを開いてください。
recover-code-label = メールに記載のコード
recover-code-hint = 8文字の英数字です。30分間有効です。
recover-password-heading = 新しいパスワードを決める
recover-password-text = すべての端末からログアウトします。その後、新しいパスワードでログインしてください。
recover-password-button = 新しいパスワードを設定する
recover-again = メールが届かない場合は新しいコードを送る
recover-back = ログインに戻る
recover-gone-heading = このリンクは無効です
recover-gone-text = すでに使われたか、期限が切れたか、新しいリンクに置き換えられました。
recover-gone-again = 新しいコードを送る
recover-error-identifier = メールアドレスまたはユーザー名を入力してください。
recover-error-code = コードが正しくないか、無効になっています。確かめるか、新しいコードを送ってください。
recover-error-incomplete = すべての欄に入力してください。
