#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapter/signals.h"
#include "config/yaml.h"
#include "core/result.h"
#include "core/url.h"

namespace yimen::adapter {

/// The manifest format this hub reads (`api:`).
inline constexpr std::int64_t kManifestApi = 1;

enum class LoginKind {
    kFormCsrf,         ///< HTML form with a hidden token
    kJspFormGbk,       ///< HTML form on pages that are not UTF-8
    kFormJsMd5,        ///< HTML form whose script hashes the password: `transform` in Lua does the same
    kAspnetViewState,  ///< ASP.NET WebForms: __VIEWSTATE and its companions
    kHttpBasic,        ///< RFC 7617
    kHttpDigest,       ///< RFC 7616
    kHmacTicket,       ///< a ticket from a signed API call, redeemed at a launch address
    kTrustedHeader,    ///< signed identity headers on every request
    kJsonBearer,       ///< JSON login, bearer token, refresh token
    kLtpaCookie        ///< a cookie minted by the hub (Domino LTPA v1)
};
/// "form_csrf", "jsp_form_gbk", ... as in the manifest.
std::string_view toString(LoginKind kind) noexcept;
bool isFormKind(LoginKind kind) noexcept;
/// Kinds where the system believes whatever name the hub writes: the account must then come from the administrator.
bool isMintingKind(LoginKind kind) noexcept;

/// Whose account is used.
enum class AccountMode {
    kOwn,       ///< the person's own, entered by themselves (or imported)
    kAssigned,  ///< the person's own, set by the administrator only; the API shows it as `shared` (managed)
    kShared,    ///< one account for everybody, kept by the administrator
    kNone       ///< none needed
};

struct BilingualText {
    std::string zh;
    std::string en;
};

/// One value of an account, as the linking page asks for it.
struct LoginField {
    std::string name;
    BilingualText label;
    bool secret = false;
};

/// Name -> template (template_text.h). "{field}" stands for a value of the account or a system-wide secret.
using TemplateFields = std::vector<std::pair<std::string, std::string>>;

struct FormLogin {
    std::string page;                   ///< path of the login page
    std::string action;                 ///< path the form must point to: a changed action stops the attempt
    std::string hasField;               ///< the form is the one with this input
    TemplateFields post;                ///< values laid over the form's own (hidden) fields, in this order
    std::vector<std::string> required;  ///< hidden fields that must be there, or the page has changed
    std::string confirm;                ///< path fetched after success; empty: none
};

struct DigestLogin {
    std::string probe;                  ///< a path that asks for the account
    std::string algorithm = "SHA-256";  ///< preferred when offered: "SHA-256" or "MD5"
};

struct BasicLogin {
    std::string probe;
    std::string charset = "UTF-8";  ///< bytes of the user name and password
};

struct TicketLogin {
    std::string tokenPath;
    TemplateFields tokenBody;  ///< members of the JSON object that is posted
    std::string accessKey;     ///< name of the system secret
    std::string secretKey;     ///< name of the system secret
    std::string headerPrefix;  ///< "x-ca-"
    std::string tokenMember;   ///< dotted path in the answer: "data.token"
    std::string launch;        ///< path with "{token}"
};

struct HeaderLogin {
    std::string probe;
    TemplateFields headers;  ///< identity headers: values are percent-encoded UTF-8
    std::string timeHeader;  ///< unix seconds; empty: none
    std::string signatureHeader;
    std::string signed_;  ///< template over header values, {time}, {method}, {target}; "\n" is a line end
    std::string key;      ///< name of the system secret
    std::string hash = "sm3";
};

struct BearerLogin {
    std::string loginPath;
    TemplateFields loginBody;  ///< members of the JSON object; {password|sm3} applies a hash in lower-case hex
    std::string tokenMember = "access_token";
    std::string refreshMember;  ///< empty: no refresh
    std::string expiresMember;  ///< seconds; empty: lives for `lifetime`
    std::chrono::milliseconds lifetime{std::chrono::minutes(30)};
    std::chrono::milliseconds refreshBefore{std::chrono::minutes(5)};  ///< renewed this long before it ends
    std::string refreshPath;
    TemplateFields refreshBody;  ///< with {refresh_token}
    std::string scheme = "Bearer";
};

struct LtpaLogin {
    std::string probe;
    std::string cookie = "LtpaToken";
    std::string user;    ///< template
    std::string secret;  ///< name of the system secret, Base64
    std::string charset = "GBK";
    std::chrono::milliseconds lifetime{std::chrono::hours(2)};
};

/// How a person is signed on.
struct Login {
    LoginKind kind = LoginKind::kFormCsrf;
    AccountMode account = AccountMode::kOwn;
    std::vector<LoginField> fields;
    std::vector<std::string> systemSecrets;
    FormLogin form;
    BasicLogin basic;
    DigestLogin digest;
    TicketLogin ticket;
    HeaderLogin header;
    BearerLogin bearer;
    LtpaLogin ltpa;
};

enum class HostHeader {
    kUpstream,  ///< the system's own host and port
    kPublic     ///< the app host the browser used
};
enum class CharsetHeader {
    kKeep,
    kAdd,   ///< add `charset=` of the manifest to text/* answers that name none
    kForce  ///< replace what the answer names
};

struct Origin {
    std::vector<core::Url> servers;  ///< default; the configuration's `systems.<id>.origins` replaces them
    HostHeader host = HostHeader::kUpstream;
    std::string charset = "UTF-8";
};

/// Path patterns as core::pathMatches reads them.
struct Paths {
    std::string home = "/";                ///< where /go/<id> leads
    std::vector<std::string> publicPaths;  ///< for everybody, without a hub session, without the person's jar
    std::vector<std::string> denied;       ///< for nobody; wins over public
    std::vector<std::string> downloads;    ///< answers that are neither inspected nor rewritten
    bool ignoreCase = false;               ///< the system reads paths without case (IIS)
};

struct CookieRules {
    std::vector<std::string> pass;  ///< names that go on to the browser (host-only, Secure); all others stay in the jar
};

struct RewriteRules {
    bool location = true;           ///< Location and Content-Location from the system's origin to the app host
    bool absoluteUrls = false;      ///< the origin's absolute URLs in bodies of these types become root-relative
    std::vector<std::string> body;  ///< content types; empty: bodies are never touched
    CharsetHeader charset = CharsetHeader::kKeep;
    bool refererOrigin = true;                   ///< Referer and Origin of requests name the system's own origin
    std::size_t maxBodyBytes = 4 * 1024 * 1024;  ///< longer bodies are passed as they are
};

struct HeaderRules {
    TemplateFields set;               ///< to the system, literal values
    std::vector<std::string> remove;  ///< from requests
    std::vector<std::string> removeAnswer;
    std::vector<std::string> identity;  ///< names or "Prefix-*": stripped from clients in every spelling ('-' = '_')
};

/// A call without a person waiting for it.
struct SystemCall {
    std::string method = "GET";
    std::string path;
    std::string page;      ///< POST with a form's hidden fields: the page that holds the form
    std::string hasField;  ///< ... and the form is the one with this input
    TemplateFields post;
    std::vector<int> status;  ///< answers that confirm; empty: any 2xx or 3xx
};

struct KeepAlive {
    SystemCall call;
    std::chrono::milliseconds every{0};  ///< 0: none
};

struct SystemLimits {
    std::uint64_t maxRequestBodyBytes = 64ULL * 1024 * 1024;
    // The next three give way to what `systems.<id>` of the configuration says.
    std::int64_t maxConnections = 256;
    std::chrono::milliseconds connectTimeout{5000};
    std::chrono::milliseconds responseTimeout{60000};  ///< between two reads of an answer: `read_timeout` there
    std::chrono::milliseconds signOnTimeout{20000};    ///< each exchange of a sign-on
    std::chrono::milliseconds sessionIdle{0};          ///< the system forgets a session after this; 0: unknown
};

/// The adapter's traffic script (traffic_hook.h) and what each of its calls may take.
struct TrafficRules {
    std::string script;                      ///< Lua file in the adapter's folder; empty: none
    std::vector<std::string> requestFields;  ///< what it sees of a request's fields
    std::vector<std::string> answerFields;   ///< ... and of an answer's
    std::int64_t maxInstructions = 20'000;
    std::size_t maxMemoryBytes = 512 * 1024;
    std::chrono::milliseconds maxTime{10};  ///< looked at every thousand instructions
};

/// adapters/<id>/adapter.yaml as a value. Immutable after loading, any thread. Paths, patterns and templates are
/// checked when it is read: what loads can work.
struct Manifest {
    std::string id;
    std::string version;
    BilingualText name;
    std::vector<std::string> aliases;
    std::vector<std::string> pinyin;  ///< one entry per character of name.zh; empty: computed
    std::string owner;
    std::string category;
    std::string level;  ///< "national", "province", "city", "district"
    std::string zone;
    std::string mark;  ///< one character for the tile
    Origin origin;
    Login login;
    Signals signals;
    Paths paths;
    CookieRules cookies;
    RewriteRules rewrite;
    HeaderRules headers;
    std::optional<SystemCall> logout;  ///< its `post` holds no templates: the account is not opened for it
    KeepAlive keepAlive;
    SystemLimits limits;
    TrafficRules traffic;
    std::string hooks;   ///< Lua file in the adapter's folder; empty: none
    std::string folder;  ///< where it was loaded from

    /// Reads one document. Every fault is reported, each as "file:line:column: what, and what to do". Refused: unknown
    /// keys, another `api`, `classified: true` (the hub takes no classified system), a login kind without its section
    /// or signals, an `own` account where the system believes whatever name the hub writes, signs that cannot be seen
    /// where they are needed, templates with names nobody supplies, paths that are not canonical.
    static core::Result<Manifest> parse(const config::YamlNode& root);
    /// `folder`/adapter.yaml; the folder's name must be the id.
    static core::Result<Manifest> load(const std::string& folder);
};

/// True when a browser's field of this name must not reach the system: the manifest's `headers.identity` and those that
/// systems behind gateways commonly believe (X-Remote-*, Authorization, ...), in any spelling ("x_remote_user").
bool isIdentityHeader(const Manifest& manifest, std::string_view name) noexcept;

}  // namespace yimen::adapter
