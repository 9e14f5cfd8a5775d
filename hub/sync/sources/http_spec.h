#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/yaml.h"
#include "core/clock.h"
#include "core/random.h"
#include "core/secret.h"
#include "core/url.h"
#include "http/client.h"
#include "sync/formats/format.h"
#include "sync/sources/http_time.h"
#include "sync/sources/secret_lookup.h"

namespace yimen::sync {

/// How the hub proves itself to a system's interface.
struct HttpAuth {
    enum class Kind { kNone, kBasic, kBearer, kHeader, kDigest, kNtlm, kToken, kSignOn };
    Kind kind = Kind::kNone;
    std::string user;
    std::string header;
    core::Secret secret;
};

/// A value in an answer: a header field, or a member (JSON pointer; path in XML).
struct HttpValueAt {
    std::string header;
    std::string member;
    bool empty() const noexcept { return header.empty() && member.empty(); }
};

/// A signature over each request: HMAC of a declared text, or the digest of one that holds the secret.
struct HttpSigning {
    core::Secret secret;
    std::string algorithm = "sha256";  ///< sha256, sha1, md5, sm3
    std::string text;
    bool digest = false;    ///< no HMAC: {secret} stands in the text
    bool base64 = false;    ///< else lower-case hexadecimal
    std::string header;     ///< where the signature goes; or
    std::string parameter;  ///< this parameter of the query
};

/// A request with places to fill (request_text.h).
struct HttpRequestSpec {
    std::string method = "GET";
    std::string path;
    std::vector<std::pair<std::string, std::string>> query;
    std::vector<std::pair<std::string, std::string>> fields;
    std::string body;
    std::string bodyType;
    Charset bodyCharset = Charset::kUtf8;
};

/// The request that gives a token for user and secret of an HttpAuth; other requests say {token} where it goes.
struct HttpTokenSpec {
    enum class Form { kJson, kXml, kForm };
    HttpRequestSpec request;
    HttpValueAt at;  ///< where the answer has it; Form::kForm: the name of the field
    Form form = Form::kJson;
    HttpValueAt error;  ///< a value there that is not one of `good` is a refusal
    std::vector<std::string> good;
};

struct HttpPaging {
    enum class How { kWhole, kPage, kOffset, kCursor, kSequence, kWindow };
    How how = How::kWhole;
    std::int64_t first = 1;
    std::int64_t size = 100;
    HttpValueAt total;
    HttpValueAt more;      ///< "true", "1" or "Y": another page follows
    HttpValueAt next;      ///< the cursor of the next page
    bool stable = false;   ///< records never move between pages: nothing is read twice
    std::string field;     ///< sequence: the column of the number; whole: of the id by which a gap is seen
    std::int64_t cap = 0;  ///< window: as many records as the system gives at most; whole: as many as the feed keeps
    std::int64_t maxPages = 100'000;
    std::vector<int> expiredStatus;         ///< cursor: statuses that mean it is no longer valid
    std::vector<std::string> expiredCodes;  ///< cursor: values of errors.at that mean so
};

/// Errors that come with status 200.
struct HttpErrors {
    HttpValueAt at;
    std::vector<std::string> good;  ///< values that are no error; empty: any value is one
    HttpValueAt message;
    std::map<std::string, core::ErrorCode> kinds;
};

struct HttpWatermark {
    TimeStyle style;
    std::chrono::milliseconds overlap{0};
    std::chrono::milliseconds lag{0};  ///< the upper bound stays this far behind now
    std::optional<core::WallTime> initial;
};

/// A value inside the document that holds the real document.
struct HttpUnwrap {
    std::string member;
    bool base64 = false;
};

/// Everything one item's source needs to know; made from a data.yaml once. Immutable.
struct HttpSpec {
    core::Url base;
    std::string caFile;  ///< PEM; empty: the system's own list
    HttpAuth auth;
    std::optional<HttpTokenSpec> token;  ///< with HttpAuth::Kind::kToken
    std::optional<HttpSigning> signing;
    std::vector<std::pair<std::string, std::string>> fields;
    http::ClientLimits limits;
    HttpRequestSpec request;
    HttpPaging paging;
    std::optional<HttpErrors> errors;
    std::optional<HttpWatermark> watermark;
    std::optional<HttpUnwrap> unwrap;
    FormatSpec format;
};

/// Reads `source:` and the item's `read:`; the error lists every fault with file:line:column.
core::Result<HttpSpec> readHttpSpec(const config::YamlNode& source, const config::YamlNode& read,
                                    const SecretLookup& secrets);

}  // namespace yimen::sync
