# Arabic, written from right to left. Buttons are nouns, which address nobody as a man. A number has
# one of six forms: none, one, two, a few (3 to 10), many (11 to 99) and the rest.

dev-ribbon = وضع التطوير
insecure-note = هذه الصفحة غير محمية عبر https. لا بأس بذلك على جهازك الخاص فقط.
languages = اللغات
error-prefix = خطأ:
reference = الرقم المرجعي
copy = نسخ
copied = تم النسخ
continue = متابعة
continue-to = المتابعة إلى { $app }
back-to = العودة إلى { $app }
go-home = الانتقال إلى تطبيقاتك
try-again = إعادة المحاولة
new = جديد
sign-out = تسجيل الخروج

sign-in-heading = تسجيل الدخول
sign-in-title = تسجيل الدخول إلى { $app }
sign-in-lead = للمتابعة إلى
sign-in-button = تسجيل الدخول
confirm-heading = يطلب { $app } التأكد من هويتك
confirm-heading-own = تأكيد هويتك
identifier-label = البريد الإلكتروني أو اسم المستخدم
password-label = كلمة المرور
show = إظهار
hide = إخفاء
show-password = إظهار كلمة المرور
hide-password = إخفاء كلمة المرور
caps-lock = مفتاح الأحرف الكبيرة مفعّل.
remember = إبقاء تسجيل الدخول على هذا الجهاز
not-you = لست أنت؟ استخدام حساب آخر
back-to-accounts = العودة إلى حساباتك
stale-form = بقيت هذه الصفحة مفتوحة بعض الوقت. سجّل الدخول مجددًا للمتابعة.
error-wrong-credentials = البريد الإلكتروني أو كلمة المرور غير مطابقة. تحقق من كليهما وأعد المحاولة.
error-incomplete = أدخل بريدك الإلكتروني أو اسم المستخدم وكلمة المرور.
error-too-many-tries = محاولات كثيرة. أعد المحاولة بعد { $wait }.
error-busy = يسجّل كثيرون الدخول الآن. أعد المحاولة بعد { $wait }.
wait-seconds = { $count ->
    [zero] { $count } ثانية
    [one] ثانية واحدة
    [two] ثانيتين
    [few] { $count } ثوانٍ
    [many] { $count } ثانية
   *[other] { $count } ثانية
 }
wait-minutes = { $count ->
    [zero] { $count } دقيقة
    [one] دقيقة واحدة
    [two] دقيقتين
    [few] { $count } دقائق
    [many] { $count } دقيقة
   *[other] { $count } دقيقة
 }

accounts-heading = اختيار حساب
already-heading = سبق أن سجّلت الدخول
continue-as = المتابعة باسم { $name }
other-account = استخدام حساب آخر

consent-title = هل تسمح لـ { $app }؟
consent-heading = يريد { $app } استخدام حسابك
app-unverified = لم يتحقق المشرف من هذا التطبيق، فقد سجّل نفسه بنفسه.
consent-host = ستعود بعد ذلك إلى
consent-asks = سيتمكن { $app } من
consent-lifetime = ينتهي هذا الوصول عند تسجيل خروجك.
consent-lifetime-offline = يستمر هذا الوصول بعد تسجيل خروجك حتى تلغيه، ومدته القصوى { $count ->
    [zero] { $count } يوم
    [one] يوم واحد
    [two] يومان
    [few] { $count } أيام
    [many] { $count } يومًا
   *[other] { $count } يوم
  }.
consent-note = اسمح بذلك فقط إن كنت تثق بـ { $app }. لن تظهر له كلمة مرورك.
signed-in-as = الحساب المستخدم الآن
switch-account = تبديل الحساب
allow = السماح
deny = الرفض
privacy-policy = سياسة الخصوصية
terms = شروط الاستخدام
scope-openid = معرفة من تكون
scope-profile = الاطلاع على اسمك واسم المستخدم وصورتك
scope-email = الاطلاع على عنوان بريدك الإلكتروني
scope-phone = الاطلاع على رقم هاتفك
scope-address = الاطلاع على عنوانك البريدي
scope-groups = الاطلاع على المجموعات التي تنتمي إليها
scope-offline-access = الاحتفاظ بهذا الوصول عندما لا تستخدم التطبيق، إلى أن تلغيه
scope-other = وصول آخر: { $scope }

hand-off-heading = جارٍ نقلك إلى { $app }
hand-off-ask-heading = هل تتابع إلى { $app }؟
hand-off-heading-unknown = جارٍ نقلك إلى التطبيق
hand-off-ask = تعذّر تنفيذ ما طلبه التطبيق. تابع فقط إن كنت تعرف { $host }.
hand-off-text = يستغرق هذا لحظة. استخدم الرابط إن لم يحدث شيء.
form-post-text = بقيت خطوة واحدة: إرسال الرد إلى التطبيق.

apps-heading = تطبيقاتك
apps-empty = لا يوجد هنا بعد تطبيق له صفحة بداية. افتح أي تطبيق مباشرة وسيتعرف عليك.
welcome-heading = مرحبًا بك في { $brand }
welcome-text = سجّل الدخول مرة واحدة، فيعرفك كل تطبيق مرتبط.

sign-out-heading = هل تريد تسجيل الخروج من { $brand }؟
sign-out-asked = يطلب { $app } تسجيل خروجك.
sign-out-text = سيُسجَّل خروجك من كل التطبيقات التي تستخدم هذا الدخول في هذا المتصفح.
sign-out-told = سيتم إبلاغ هذه التطبيقات:
sign-out-button = تسجيل الخروج
stay-signed-in = البقاء مسجّلًا
signed-out-heading = تم تسجيل خروجك
signed-out-text = على جهاز مشترك، أغلق المتصفح أيضًا.
signed-out-told = جارٍ إبلاغ هذه التطبيقات:
signed-out-frame = إبلاغ تطبيق

not-found-heading = لم نعثر على هذه الصفحة
not-found-text = قد يكون الرابط قديمًا، أو في العنوان خطأ كتابي.
method-heading = لا تُفتح هذه الصفحة بهذه الطريقة
method-text = ابدأ من جديد من تطبيقاتك.
forged-heading = جاء هذا النموذج من مكان آخر
forged-text = حفاظًا على سلامتك، لا نقبل إلا نماذج صفحاتنا. ابدأ من جديد من التطبيق الذي أتيت منه.
expired-heading = استغرق هذا وقتًا طويلًا
expired-text = ابدأ من جديد من التطبيق الذي أتيت منه. لم تفقد شيئًا.
cookie-heading = حظر متصفحك ملف ارتباط نحتاج إليه
cookie-text = يحتاج تسجيل الدخول إلى ملف ارتباط واحد من هذا الموقع. اسمح به في إعدادات متصفحك ثم أعد المحاولة.
loop-heading = يعيدك { $app } إلى هنا مرارًا
loop-text = لقد سجّلت الدخول، لكن { $app } لا يكمل العملية. انتظر دقيقة وأعد المحاولة، وأبلغ فريق دعمه إن استمر ذلك.
too-large-heading = كان ذلك أكثر مما يُقبل دفعة واحدة
too-large-text = الطلب أكبر مما نقبله. ابدأ من جديد من التطبيق الذي أتيت منه.
bad-request-heading = لا يمكننا قراءة هذا الطلب
bad-request-text = ابدأ من جديد من التطبيق الذي أتيت منه.
fault-heading = حدث خلل من جانبنا
fault-text = أعد المحاولة بعد لحظات. إن تكرر ذلك، فأعطِ فريق الدعم الرقم المرجعي أدناه.
busy-heading = الإقبال كبير الآن
busy-text = أعد المحاولة بعد { $wait }.
too-many-heading = محاولات كثيرة
too-many-text = وصلت طلبات كثيرة من شبكتك. أعد المحاولة بعد { $wait }.
maintenance-heading = سنعود قريبًا
maintenance-text = الخدمة قيد الصيانة. أعد المحاولة بعد بضع دقائق.

request-heading = هذا الرابط من { $app } لا يعمل
request-heading-unknown = هذا الرابط لا يعمل
request-text = إعداد التطبيق غير صحيح، ولا مشكلة في حسابك. أبلغ القائمين على التطبيق.
request-text-gone = استغرق تسجيل الدخول هذا وقتًا طويلًا أو اكتمل من قبل، ولا مشكلة في حسابك. عُد إلى التطبيق وسجّل الدخول مجددًا.
request-text-disabled = التطبيق موقوف هنا، ولا مشكلة في حسابك. أبلغ القائمين على التطبيق.
request-developer = لمطوّر { $app }
request-developer-unknown = لمطوّر التطبيق
error-code = رمز الخطأ
what-is-wrong = ما المشكلة
received = القيمة المستلمة
how-to-fix = كيفية الإصلاح
time-utc = الوقت (UTC)
time-here = وقتك المحلي
rule-unknown-client = لا يوجد عميل له معرّف client_id هذا.
rule-disabled-client = العميل موقوف.
rule-missing-client = المعامل client_id ناقص.
rule-repeated = ورد المعامل { $name } أكثر من مرة.
rule-pushed-request-gone = العنوان request_uri غير معروف، أو انتهت مدته، أو استُخدم من قبل، أو أُعطي لعميل آخر.
rule-missing-redirect = المعامل redirect_uri ناقص.
difference-trailing-slash = يختلف redirect_uri عن عنوان مسجّل بشرطة مائلة في آخره فقط.
difference-scheme = يختلف redirect_uri عن عنوان مسجّل في البروتوكول فقط (http أو https).
difference-port = يختلف redirect_uri عن عنوان مسجّل في المنفذ فقط.
difference-host-case = يختلف redirect_uri عن عنوان مسجّل في حالة الأحرف أو طريقة الكتابة فقط.
difference-host = يختلف redirect_uri عن عنوان مسجّل في المضيف فقط.
difference-path = يختلف redirect_uri عن عنوان مسجّل في المسار فقط.
difference-query = يختلف redirect_uri عن عنوان مسجّل في سلسلة الاستعلام فقط.
difference-localhost = يذكر redirect_uri الاسم localhost بينما المسجّل عنوان استرجاع محلي، أو العكس.
difference-fragment = يحتوي redirect_uri على جزء يبدأ بعلامة #، وهذا غير مسموح به.
difference-other = العنوان redirect_uri غير مسجّل لهذا العميل.
fix-unknown-client = قارن client_id بالذي ظهر عند إنشاء العميل.
fix-disabled-client = اطلب من المشغّل تفعيل العميل.
fix-missing-client = أرسل client_id مع الطلب.
fix-repeated = أرسل كل معامل مرة واحدة.
fix-pushed-request-gone = أرسل الطلب من جديد إلى ‎/par‎، ثم أرسل المتصفح خلال المدة التي يذكرها expires_in.
fix-missing-redirect = أرسل redirect_uri مع الطلب كما سُجّل تمامًا.
fix-redirect = سجّل هذا العنوان للعميل أو أرسل عنوانًا مسجّلًا. تُطابَق العناوين بايتًا ببايت.

totp-heading = أدخل الرمز من تطبيقك
totp-label = رمز من 6 أرقام
totp-wrong = الرمز غير مطابق، أو سبق استخدامه، أو انتهت مدته. انتظر الرمز التالي.
totp-step-up = لقد سجّلت الدخول. يحتاج هذا التطبيق أيضًا إلى العامل الثاني.
totp-setup-heading = إعداد تطبيق مصادقة
totp-setup-asked = يحتاج { $app } إلى عامل ثانٍ للسماح بدخولك.
totp-setup-lead = من الآن فصاعدًا، يعطيك تطبيق على هاتفك رمزًا لتسجيل الدخول.
totp-setup-wrong = الرمز غير مطابق. تحقق من ساعة هاتفك وأدخل الرمز الذي يعرضه التطبيق الآن.
totp-setup-button = تأكيد
totp-scan = امسح هذا الرمز بتطبيق المصادقة
totp-key = أو اكتب هذا المفتاح في التطبيق:
recovery-heading = أدخل أحد رموز الاسترداد
recovery-label = رمز الاسترداد
recovery-wrong = الرمز غير مطابق أو سبق استخدامه. يعمل كل رمز مرة واحدة.
recovery-codes-heading = احفظ هذه الرموز في مكان آمن
recovery-codes-lead = يتيح لك كل رمز تسجيل الدخول مرة واحدة عندما لا يكون هاتفك معك. لن تظهر إلا الآن.
recovery-codes-download = تنزيل الرموز

passkey-sign-in-button = تسجيل الدخول بمفتاح مرور
passkey-refused = تعذّر استخدام مفتاح المرور هذا. أعد المحاولة أو سجّل الدخول بكلمة المرور.
passkey-offer-heading = تسجيل دخول أسرع في المرة القادمة
passkey-offer-text = بمفتاح المرور تسجّل الدخول ببصمتك أو وجهك أو قفل الشاشة. لا توجد كلمة مرور تكتبها، ولا يستطيع أحد أن يأخذها منك بالحيلة.
passkey-name-label = اسم مفتاح المرور
passkey-name-default = جهازي
passkey-enrol-button = إنشاء مفتاح مرور
passkey-enrol-refused = تعذّرت إضافة مفتاح المرور. أعد المحاولة أو تابع من دونه.
passkey-not-now = ليس الآن

account-heading = حسابك
account-password = تغيير كلمة المرور
account-sessions = أماكن تسجيل دخولك
account-back = العودة إلى حسابك
account-others = حسابات أخرى في هذا المتصفح
account-password-text = سيُسجَّل خروجك من كل مكان آخر، وستطلب منك تطبيقاتك تسجيل الدخول من جديد.
account-current-password = كلمة المرور الحالية
account-new-password = كلمة المرور الجديدة
account-new-password-hint = { $count ->
    [zero] { $count } حرف على الأقل. يسهل تذكر عدة كلمات.
    [one] { $count } حرف على الأقل. يسهل تذكر عدة كلمات.
    [two] { $count } حرفين على الأقل. يسهل تذكر عدة كلمات.
    [few] { $count } أحرف على الأقل. يسهل تذكر عدة كلمات.
    [many] { $count } حرفًا على الأقل. يسهل تذكر عدة كلمات.
   *[other] { $count } حرف على الأقل. يسهل تذكر عدة كلمات.
  }
account-password-done = تم تغيير كلمة مرورك. سُجِّل خروجك من كل مكان آخر.
account-error-wrong = كلمة المرور الحالية غير صحيحة. تحقق منها وحاول مرة أخرى.
account-error-incomplete = أدخل كلمة المرور الحالية وكلمة مرور جديدة.
account-error-short = تحتاج كلمة المرور الجديدة إلى { $count ->
    [zero] { $count } حرف على الأقل.
    [one] { $count } حرف على الأقل.
    [two] { $count } حرفين على الأقل.
    [few] { $count } أحرف على الأقل.
    [many] { $count } حرفًا على الأقل.
   *[other] { $count } حرف على الأقل.
  }
account-error-long = يمكن أن تتكون كلمة المرور الجديدة من 256 حرفًا على الأكثر.
account-error-common = كلمة المرور الجديدة من أول ما يجربه المهاجمون. اختر غيرها، مثل عدة كلمات.
account-error-context = كلمة المرور الجديدة مكونة من أسمائك. اختر غيرها.
account-error-breached = كلمة المرور الجديدة معروفة من تسريب بيانات لدى خدمة أخرى. اختر غيرها.
strength-weak = ضعيفة: يمكن تخمينها سريعًا. كلمة أخرى تساعد.
strength-fair = متوسطة: كلمة أخرى تجعل تخمينها أصعب.
strength-good = جيدة: يصعب تخمينها.
strength-strong = قوية: يصعب تخمينها جدًا.
account-sessions-text = كل سطر متصفح سجلت الدخول فيه.
account-session-this = هذا المتصفح
account-session-other = متصفح آخر
account-session-since = سُجِّل الدخول
account-session-seen = آخر استخدام
account-session-remembered = يبقى الدخول مسجلًا
account-session-end = تسجيل الخروج هناك
account-sessions-end = تسجيل الخروج من كل مكان آخر
account-sessions-done = تم. يجري إبلاغ التطبيقات هناك.
other-way = اختيار طريقة أخرى
ways-heading = اختر كيف تؤكد أنك أنت
way-passkey = مفتاح مرور
way-passkey-text = بصمتك أو وجهك أو قفل الشاشة
way-totp = تطبيق المصادقة
way-totp-text = رمز من 6 أرقام من هاتفك
way-recovery = رمز استرداد
way-recovery-text = أحد الرموز التي حفظتها
passkey-confirm-heading = أكِّد بمفتاح المرور
passkey-confirm-text = يطلب جهازك بصمتك أو وجهك أو قفل الشاشة.
passkey-confirm-button = استخدام مفتاح المرور
passkey-confirm-refused = تعذّر استخدام مفتاح المرور هذا. أعد المحاولة أو اختر طريقة أخرى.
passkey-no-script = تحتاج مفاتيح المرور إلى JavaScript. فعّله أو اختر طريقة أخرى.
passkey-set-up-heading = أو استخدم مفتاح مرور
passkey-set-up-text = تؤكد ببصمتك أو وجهك أو قفل الشاشة، دون كتابة أي رمز.
trust-device = { $count ->
    [zero] عدم السؤال مجددًا على هذا الجهاز
    [one] عدم السؤال مجددًا على هذا الجهاز ليوم واحد ({ $count })
    [two] عدم السؤال مجددًا على هذا الجهاز ليومين ({ $count })
    [few] عدم السؤال مجددًا على هذا الجهاز لمدة { $count } أيام
    [many] عدم السؤال مجددًا على هذا الجهاز لمدة { $count } يومًا
    *[other] عدم السؤال مجددًا على هذا الجهاز لمدة { $count } يوم
 }
trusted-devices = الأجهزة الموثوقة
trusted-devices-text = على هذه الأجهزة تُطلب كلمة مرورك وحدها.
trusted-device-this = هذا الجهاز
trusted-device-other = جهاز آخر
trusted-device-since = موثوق منذ
trusted-device-until = يُسأل مجددًا في
trusted-device-end = إيقاف الوثوق

security-heading = كيف تسجّل الدخول
security-lead = طرق دخولك إلى حسابك.
security-password = كلمة المرور
security-set-on = تاريخ التعيين
security-passkeys = مفاتيح المرور
security-none = لا شيء بعد
security-totp = تطبيق المصادقة
security-advice = كلمة مرورك وحدها تفتح حسابك. مفتاح المرور أسرع، ولا يستطيع أحد أن يأخذه منك بالحيلة.
security-back = العودة إلى طرق تسجيل الدخول
passkeys-empty = ليس لديك مفتاح مرور بعد.
passkeys-add = إضافة مفتاح مرور
passkeys-done = مفاتيح المرور الخاصة بك محدّثة.
passkeys-unavailable = لا توجد مفاتيح مرور في هذا العنوان.
passkey-created = تاريخ الإنشاء
passkey-used = آخر استخدام
passkey-unused = لم يُستخدم بعد
passkey-synced = متزامن مع أجهزتك الأخرى
passkey-one-device = على جهاز واحد فقط
passkey-edit = تغيير الاسم أو الإزالة
passkey-edit-heading = مفتاح المرور الخاص بك
passkey-rename = حفظ الاسم
passkey-remove = إزالة مفتاح المرور
passkey-remove-heading = إزالة مفتاح المرور هذا؟
passkey-remove-text = لن يكون تسجيل الدخول ممكنًا بعد ذلك باستخدام { $name }. يمكنك إنشاء مفتاح آخر في أي وقت.
passkey-last = مفتاح المرور هذا هو طريقتك الوحيدة لتسجيل الدخول. تلزم إضافة مفتاح آخر أولًا.
passkey-too-many = لديك أكبر عدد ممكن من مفاتيح المرور. تلزم إزالة واحد منها أولًا.
passkey-cannot = لا يستطيع هذا المتصفح إنشاء مفتاح مرور. يلزم متصفح آخر أو تفعيل JavaScript.
passkey-back = العودة إلى مفاتيح المرور
totp-new-codes = إنشاء رموز استرداد جديدة
totp-new-codes-text = عند إنشاء رموز جديدة تتوقف الرموز القديمة عن العمل.
totp-remove = إزالة تطبيق المصادقة
totp-remove-heading = إزالة تطبيق المصادقة؟
totp-remove-text = بعد ذلك لا يطلب تسجيل الدخول بكلمة المرور أي رمز. وتتوقف رموز الاسترداد عن العمل أيضًا.
totp-removed = تمت إزالة تطبيق المصادقة.
recovery-codes-tick = تم حفظ هذه الرموز
confirm-own-text = تتعلق هذه الصفحة بأمان حسابك، ولذلك تحتاج إلى تسجيل دخول حديث.
security-codes-left = { $count ->
    [zero] لم يتبقَّ أي رمز استرداد
    [one] تبقى رمز استرداد واحد
    [two] تبقى رمزا استرداد
    [few] تبقت { $count } رموز استرداد
    [many] تبقى { $count } رمز استرداد
   *[other] تبقى { $count } رمز استرداد
 }

new-password-due = قبل المتابعة يلزم اختيار كلمة مرور جديدة: فقد يعرف شخص آخر القديمة.
new-password-incomplete = كلمة المرور الجديدة مطلوبة.
account-error-same = كلمة المرور الجديدة هي القديمة نفسها. يلزم اختيار غيرها.

activity-heading = النشاط الأخير
activity-lead = ما حدث في الحساب خلال آخر 90 يومًا. تبدأ الأيام عند منتصف الليل بتوقيت UTC.
activity-empty = لا يوجد شيء هنا.
activity-older = نشاط أقدم
activity-newest = العودة إلى الأحدث
activity-not-me = لم أكن أنا
activity-signed-in = تسجيل دخول
activity-signed-in-password = تسجيل دخول بكلمة المرور
activity-signed-in-code = تسجيل دخول بكلمة المرور ورمز
activity-signed-in-passkey = تسجيل دخول بمفتاح مرور
activity-signed-in-both = تسجيل دخول بكلمة المرور ومفتاح مرور
activity-password-shown = أُدخلت كلمة المرور الصحيحة وطُلب عامل ثانٍ
activity-refused = رُفض تسجيل دخول
activity-password-refused = أُدخلت كلمة مرور خاطئة
activity-passkey-refused = رُفض مفتاح مرور
activity-factor-refused = كانت كلمة المرور صحيحة والعامل الثاني خاطئًا
activity-throttled = كثرت محاولات تسجيل الدخول فكان على ما بعدها الانتظار
activity-disowned = أُبلغ عن تسجيل دخول وسُجّل خروج كل ما عداه
activity-totp-added = أُعدّ تطبيق مصادقة
activity-totp-removed = أُزيل تطبيق المصادقة
activity-factors-reset = أزالت الإدارة العوامل الثانية
activity-codes-made = أُنشئت رموز استرداد جديدة
activity-device-trusted = أصبح جهاز موثوقًا
activity-device-ended = لم يعد جهاز موثوقًا
activity-passkey-added = أُضيف مفتاح مرور
activity-passkey-renamed = تغيّر اسم مفتاح مرور
activity-passkey-removed = أُزيل مفتاح مرور
activity-sessions-ended = سُجّل الخروج من المتصفحات الأخرى
activity-signed-out = تسجيل خروج
activity-made = أُنشئ الحساب
activity-made-admin = أنشأت الإدارة الحساب
activity-disabled = أوقفت الإدارة الحساب
activity-enabled = أعادت الإدارة تشغيل الحساب
activity-password-set = تغيّرت كلمة المرور
activity-password-set-admin = عيّنت الإدارة كلمة مرور جديدة
activity-recovery-asked = طُلب رمز لكلمة مرور جديدة
activity-recovery-refused = أُدخل رمز خاطئ لكلمة مرور جديدة
activity-recovery-link = أنشأت الإدارة رابطًا لكلمة مرور جديدة
activity-password-recovered = عُيّنت كلمة مرور جديدة برمز أو رابط
activity-email-asked = طُلب رمز لعنوان بريد إلكتروني
activity-email-refused = أُدخل رمز خاطئ لعنوان بريد إلكتروني
activity-email-verified = تم تأكيد عنوان البريد الإلكتروني
activity-email-changed = تم تغيير عنوان البريد الإلكتروني
activity-groups = غيّرت الإدارة المجموعات
activity-profile = تغيّر الملف الشخصي
activity-exported = نُزّلت نسخة من كل البيانات
activity-deletion = طُلب حذف الحساب
activity-kept = بقي الحساب في النهاية
activity-app-allowed = سُمح لتطبيق { $app } باستخدام الحساب
activity-app-removed = أُزيل { $app } من الحساب
disown-heading = هل كان شخصًا آخر؟
disown-text = هكذا يُمنع كل شخص آخر من الدخول:
disown-sessions = يُسجَّل الخروج من كل متصفح آخر.
disown-apps = يفقد كل تطبيق وصوله ويطلب تسجيل الدخول من جديد.
disown-devices = لا يبقى أي جهاز موثوقًا.
disown-password = لا تفتح كلمة المرور القديمة شيئًا بعد ذلك، وتُختار كلمة جديدة.
disown-passkeys = تحسن بعد ذلك مراجعة مفاتيح المرور وإزالة كل مفتاح غير معروف.
disown-button = منع كل شخص آخر
disown-back = العودة إلى النشاط الأخير
disown-done = سُجّل خروج الجميع. تحسن إزالة كل مفتاح مرور غير معروف.

apps-search-label = البحث في تطبيقاتك
apps-search-button = بحث
apps-none-found = لا يحمل أي من تطبيقاتك هذا الاسم.
apps-show-all = عرض كل التطبيقات
account-apps-empty = ستظهر تطبيقاتك هنا عندما تكون لأحدها صفحة بداية. حتى ذلك الحين يمكنك فتح تطبيق مباشرة وسيتعرّف عليك.
connected-heading = التطبيقات التي سمحت لها
connected-text = يمكن لكل تطبيق استخدام حسابك كما هو موصوف. التطبيق الذي تزيله يُسجَّل خروجه ويسأل من جديد في المرة القادمة.
connected-empty = لا يمكن لأي تطبيق استخدام حسابك بعد. ستظهر هنا التطبيقات التي تسمح لها.
connected-since = منذ
connected-used = آخر استخدام
connected-remove = إزالة
connected-remove-named = إزالة { $app }
connected-done = تمت الإزالة. يجري تسجيل خروج التطبيق.
profile-heading = نبذة عنك
profile-text = ترى التطبيقات التي تسمح لها ما تكتبه هنا. يمكن ترك أي خانة فارغة.
profile-save = حفظ
profile-done = تم الحفظ. ستراه التطبيقات عندما تسأل في المرة القادمة.
profile-errors = لم يُحفظ شيء بعد. راجع الخانات المحددة.
profile-part-more = المزيد عنك
profile-part-contact = الهاتف والعنوان
profile-name = الاسم الكامل
profile-given-name = الاسم الأول
profile-middle-name = الاسم الأوسط
profile-family-name = اسم العائلة
profile-nickname = اللقب
profile-picture = عنوان صورة
profile-picture-hint = يبدأ بـ https://.
profile-page = عنوان صفحتك الشخصية
profile-website = الموقع
profile-gender = الجنس
profile-birthdate = تاريخ الميلاد
profile-birthdate-hint = السنة والشهر واليوم، مثل 1990-12-31.
profile-language = اللغة
profile-language-any = لغة متصفحك
profile-zone = المنطقة الزمنية
profile-zone-hint = المنطقة والمدينة، مثل Europe/Paris.
profile-phone = رقم الهاتف
profile-phone-hint = مع رمز البلد، مثل +44 20 7946 0000.
profile-address = العنوان كما يُكتب على رسالة
profile-street = الشارع والرقم
profile-city = المدينة
profile-region = الولاية أو المنطقة
profile-postal-code = الرمز البريدي
profile-country = البلد
profile-error-text = استخدم 255 حرفًا على الأكثر، وكلها مرئية.
profile-error-https = اكتب عنوانًا يبدأ بـ https://.
profile-error-address = اكتب عنوانًا يبدأ بـ https:// أو http://.
profile-error-birthdate = اكتب التاريخ بالسنة ثم الشهر ثم اليوم، مثل 1990-12-31.
profile-error-language = اختر لغة من القائمة.
profile-error-zone = اكتب المنطقة الزمنية بالمنطقة والمدينة، مثل Europe/Paris.
profile-error-phone = اكتب الرقم مع رمز البلد، مثل +44 20 7946 0000.
account-session-apps = التطبيقات المستخدمة:
account-session-network = الشبكة
delete-heading = حذف حسابك
delete-at-once = يُسجَّل خروجك من كل مكان فورًا، ولا يمكن لأي تطبيق استخدام حسابك بعد ذلك.
delete-after = بعد { $count ->
    [zero] { $count } يوم
    [one] يوم واحد
    [two] يومين
    [few] { $count } أيام
    [many] { $count } يومًا
   *[other] { $count } يوم
  } يُحذف الحساب وكل ما فيه نهائيًا.
delete-until = حتى ذلك الحين يمكنك تسجيل الدخول للاحتفاظ به.
delete-button = حذف حسابي
delete-pending-heading = سيُحذف حسابك
delete-pending-text = هذا ما طلبته. سيُحذف نهائيًا في
delete-keep = الاحتفاظ بحسابي
delete-kept = حسابك باقٍ. ستطلب تطبيقاتك تسجيل الدخول من جديد.
email-heading = عنوان بريدك الإلكتروني
email-none = لا يوجد عنوان بعد
email-confirmed = مؤكَّد
email-unconfirmed = لم يؤكَّد بعد
email-change = تأكيد عنوان بريدك الإلكتروني أو تغييره
email-no-mail = لا تُرسل رسائل من هنا. اسأل القائمين على هذه الخدمة لتغيير عنوانك.
email-verify-text = أكِّد أن هذا العنوان لك. سيُرسل إليه رمز.
email-new-heading = استخدام عنوان آخر
email-new-label = عنوان البريد الإلكتروني الجديد
email-new-hint = سيُرسل إليه رمز. يحتفظ حسابك بعنوانه الحالي حتى تُدخل الرمز.
email-sent = هناك رمز في طريقه إلى { $address }. أدخله هنا أو افتح الرابط الذي في الرسالة.
email-confirm-button = تأكيد
email-resend = إرسال رمز جديد
email-done = تأكَّد عنوان بريدك الإلكتروني.
email-error-same = هذا عنوانك بالفعل، وهو مؤكَّد.
email-error-incomplete = أدخل الرمز الوارد في الرسالة.
email-error-taken = أصبح هذا العنوان لحساب آخر. يبقى حسابك كما هو.
email-link-heading = تأكيد { $address }
email-link-text = سيصبح عنوان الحساب { $username }. أكِّد فقط إن كان هذا الحساب لك.
email-link-done = تأكَّد العنوان
email-link-done-text = تابع من حيث بدأت، على أي جهاز كان.
email-taken-heading = هذا العنوان مستخدم
export-heading = بياناتك
export-text = كل ما نعرفه عنك في أرشيف واحد: ملفك وجلساتك وتطبيقاتك ومفاتيح المرور والعوامل الثانية. لا يحتوي على كلمة مرور ولا على سر.
export-button = تنزيل الأرشيف

mails-heading = الرسائل
mails-lead = آخر 50 رسالة لهذه العملية. تظهر هنا لأنها تعمل في وضع التطوير.
mails-empty = لم تُرسل أي رسالة بعد.

mail-hello = مرحبًا { $name }،
mail-hello-nobody = مرحبًا،
mail-for-days = { $count ->
    [zero] { $count } يوم
    [one] يوم واحد
    [two] يومان
    [few] { $count } أيام
    [many] { $count } يومًا
   *[other] { $count } يوم
 }
mail-for-hours = { $count ->
    [zero] { $count } ساعة
    [one] ساعة واحدة
    [two] ساعتان
    [few] { $count } ساعات
    [many] { $count } ساعة
   *[other] { $count } ساعة
 }
mail-when = الوقت
mail-device = الجهاز
mail-network = الشبكة
mail-footer = أُرسلت هذه الرسالة من { $brand }. لا أحد يقرأ الردود.
mail-not-asked = إن لم تطلب ذلك فليس عليك فعل شيء: لا يتغير شيء بدون الرمز. لا تعطِ الرمز لأحد.
mail-not-expected = إن لم تتوقع هذه الرسالة فليس عليك فعل شيء.
mail-not-you = إن لم تكن أنت من فعل ذلك، فسجّل الدخول الآن وأمّن حسابك.
mail-ask-operator = إن لم تتوقع هذه الرسالة، فاسأل القائمين على { $brand }.
mail-account-button = فتح حسابي
mail-verify-subject = { $code } هو رمز تأكيد عنوان بريدك
mail-verify-text = أدخل هذا الرمز في الصفحة التي تطلبه. مدة صلاحيته { $wait }.
mail-verify-button = تأكيد العنوان
mail-reset-subject = { $code } هو رمز كلمة المرور الجديدة
mail-reset-text = أدخل هذا الرمز في الصفحة التي تطلبه لتعيين كلمة مرور جديدة. مدة صلاحيته { $wait }.
mail-reset-button = تعيين كلمة مرور جديدة
mail-email-changed-subject = تغيّر عنوان حسابك
mail-email-changed-from = يستخدم حسابك الآن العنوان { $address }. لن تصل الرسائل المتعلقة به إلى هنا بعد الآن.
mail-email-changed-to = هذا هو عنوان حسابك الآن.
mail-password-changed-subject = تغيّرت كلمة مرورك
mail-password-changed-text = لحسابك كلمة مرور جديدة، وسُجّل خروج جميع الأجهزة.
mail-new-sign-in-subject = تسجيل دخول جديد إلى حسابك
mail-new-sign-in-text = استُخدم حسابك من جهاز أو متصفح لم يعرفه من قبل.
mail-activity-button = الاطلاع على ما حدث
mail-disowned-subject = سُجّل خروج كل شيء من الحساب
mail-disowned-text = أُبلغ من الحساب عن تسجيل دخول غريب. سُجّل خروج كل متصفح آخر وكل تطبيق.
mail-factor-added-subject = لحسابك طريقة جديدة لتسجيل الدخول
mail-factor-added-text = أُضيف هذا إلى حسابك: { $factor }.
mail-factor-removed-subject = أُزيلت طريقة لتسجيل الدخول من حسابك
mail-factor-removed-text = أُزيل هذا من حسابك: { $factor }.
mail-disabled-subject = حسابك معطّل
mail-disabled-text = لا يستطيع أحد تسجيل الدخول إلى حسابك حاليًا، وسُجّل خروج جميع الأجهزة.
mail-deleted-subject = حُذف حسابك
mail-deleted-text = حُذف حسابك وكل ما يخصه.
mail-registered-subject = لديك حساب من قبل
mail-registered-text = طلب أحدهم حسابًا بهذا العنوان، وله حساب من قبل. سجّل الدخول به، أو عيّن كلمة مرور جديدة إن نسيت كلمتك.
mail-taken-subject = طلب أحدهم عنوانك
mail-taken-text = أراد أحدهم جعل هذا العنوان عنوانًا لحساب آخر. يبقى لحسابك ولم يتغير شيء.
mail-codes-made-subject = لحسابك رموز استرداد جديدة
mail-codes-made-text = أُنشئت رموز استرداد جديدة. لم تعد الرموز القديمة تعمل.
mail-codes-low-subject = رموز الاسترداد لديك على وشك النفاد
mail-codes-low-text = استُخدم رمز استرداد. الرموز المتبقية: { $count }.
mail-consent-subject = يمكن لتطبيق الآن استخدام حسابك
mail-consent-text = منحت هذا التطبيق حق الوصول: { $app }. سجّل نفسه بنفسه ولم يتحقق منه أحد هنا.
mail-deletion-subject = سيُحذف حسابك
mail-deletion-text = سيُحذف حسابك نهائيًا في { $day }. للاحتفاظ به سجّل الدخول قبل ذلك.
mail-kept-subject = حسابك باقٍ
mail-kept-text = لن يُحذف حسابك.
mail-invitation-subject = دعوة إلى { $brand }
mail-invitation-text = افتح هذه الصفحة لإنشاء حسابك. مدة صلاحية الدعوة { $wait }.
mail-invitation-button = إنشاء حسابي

setup-heading = إعداد { $brand }
setup-lead = أنشئ الحساب الأول. فهو يدير كل شيء هنا.
setup-checks = ما يراه متصفحك
setup-address-same = وصلت عبر العنوان المضبوط { $url }.
setup-address-other = العنوان المضبوط هو { $url }، وقد وصلت عبر عنوان آخر.
setup-address-go = الانتقال إليه
setup-protected = الاتصال محمي، أو لا يغادر هذا الجهاز.
setup-unprotected = الاتصال غير محمي. اضبط https قبل أن يسجل أي شخص آخر دخوله.
setup-username = اسم المستخدم
setup-username-hint = أحرف من a إلى z وأرقام ونقاط وشرطات وشرطات سفلية.
setup-email = البريد الإلكتروني
setup-name = اسمك (اختياري)
setup-passkey-button = إنشاء الحساب بمفتاح مرور
setup-or-password = أو اختر كلمة مرور.
setup-password-button = إنشاء الحساب بكلمة مرور
setup-error-username = لا يمكن أن يحتوي اسم المستخدم إلا على أحرف من a إلى z وأرقام ونقاط وشرطات وشرطات سفلية.
setup-error-email = البريد الإلكتروني غير مكتمل. تحقق منه وحاول مرة أخرى.
setup-error-name = يحتوي الاسم على رمز لا يمكن أن يكون في اسم. تحقق منه وحاول مرة أخرى.
setup-error-taken = لحساب آخر اسم المستخدم هذا أو هذا البريد الإلكتروني. اختر غيرهما.
setup-error-no-way-in = أنشئ مفتاح مرور أو اختر كلمة مرور، لتتمكن من تسجيل الدخول مجددًا.
setup-error-passkey = تعذّر إنشاء مفتاح المرور. حاول مرة أخرى، أو اختر كلمة مرور.
setup-over-heading = هذا الرابط لم يعد يعمل
setup-over-text = لقد استُخدم، أو مضت عليه أكثر من ساعة، أو استُبدل. للحصول على رابط جديد، نفّذ هذا الأمر حيث يعمل Tessera:
setup-over-done = اكتمل الإعداد. سجّل الدخول بالحساب الذي أُنشئ.

recover-link = هل نسيت كلمة المرور؟
recover-heading = هل نسيت كلمة المرور؟
recover-text = أدخل بريدك الإلكتروني أو اسم المستخدم. إذا وُجد حساب مطابق فسنرسل رمزًا إلى عنوانه.
recover-button = إرسال رمز
recover-no-mail = لا تُرسل رسائل من هنا. اسأل القائمين على هذه الخدمة: يمكنهم إعطاؤك رابطًا لتعيين كلمة مرور جديدة.
recover-sent-heading = تحقق من بريدك
recover-sent-text = إذا وُجد حساب مطابق فهناك رسالة في الطريق. أدخل الرمز الوارد فيها واختر كلمة مرور جديدة، أو افتح الرابط الذي فيها.
recover-code-label = الرمز الوارد في الرسالة
recover-code-hint = 8 أحرف وأرقام. مدته 30 دقيقة.
recover-password-heading = اختر كلمة مرور جديدة
recover-password-text = سيُسجَّل خروجك من كل مكان. ثم سجّل الدخول بكلمة المرور الجديدة.
recover-password-button = تعيين كلمة المرور الجديدة
recover-again = لم تصلك رسالة؟ اطلب رمزًا جديدًا
recover-back = العودة إلى تسجيل الدخول
recover-gone-heading = هذا الرابط لم يعد يعمل
recover-gone-text = استُخدم من قبل، أو انتهت مدته، أو حل محله رابط أحدث.
recover-gone-again = طلب رمز جديد
recover-error-identifier = أدخل بريدك الإلكتروني أو اسم المستخدم.
recover-error-code = هذا الرمز غير صحيح أو انتهت مدته. تحقق منه أو اطلب رمزًا جديدًا.
recover-error-incomplete = املأ جميع الحقول.

sign-up-link = إنشاء حساب
sign-up-heading = إنشاء حسابك
sign-up-text = أدخل بريدك الإلكتروني. سنرسل إليه رمزًا للتأكد من أنه لك.
sign-up-have = لديك حساب؟ تسجيل الدخول
sign-up-sent-text = هناك رسالة في الطريق إلى هذا العنوان. أدخل الرمز الوارد فيها واسمك وكلمة مرور، أو افتح الرابط الذي فيها.
sign-up-link-text = يُظهر هذا الرابط أن العنوان لك. أضف اسمك وكلمة مرور للإتمام.
sign-up-create-button = إنشاء الحساب
sign-up-error-domain = يحتاج الحساب إلى عنوان من جهة تعرفها هذه الخدمة. أدخل عنوانك لديها.
sign-up-error-taken = صار لهذا العنوان حساب. سجّل الدخول به.
sign-up-done-heading = حسابك جاهز
sign-up-done-text = عُد إلى حيث بدأت وسجّل الدخول، أو افتح حسابك هنا.
invitation-heading = دعوة من { $brand }
invitation-lead = أنشئ حسابك للعنوان { $address }.
invitation-gone-text = اطلب دعوة جديدة ممن دعاك.
invitation-error-taken = صار لحساب آخر هذا العنوان أو اسم المستخدم. سجّل الدخول به، أو اسأل من دعاك.
