#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapter/system_session.h"
#include "adapter/views.h"
#include "core/clock.h"
#include "core/secret.h"

namespace yimen::adapter {

/// One challenge of WWW-Authenticate or the parameters of Authentication-Info. Names in lower case.
struct AuthChallenge {
    std::string scheme;
    std::map<std::string, std::string, std::less<>> parameters;
    std::string get(std::string_view name) const;
};

/// Reads a WWW-Authenticate value with one or several challenges (RFC 9110 section 11.6.1). What is not understood is
/// left out.
std::vector<AuthChallenge> parseChallenges(std::string_view value);
/// Reads `name=value` lists (Authentication-Info, RFC 7615).
std::map<std::string, std::string, std::less<>> parseAuthParameters(std::string_view value);

/// The Digest challenge to answer: qop=auth, the preferred algorithm when offered, else the first that is known.
std::optional<AuthChallenge> chooseDigest(HeaderRefs headers, std::string_view preferred);

/// One person's Digest credential and nonces. Thread-safe.
///
/// A server may want `nc` strictly increasing in the order of arrival (RFC 7616 section 3.4.3). Requests on several
/// connections overtake each other, so each nonce is lent to one request at a time and comes back with the answer,
/// recognised by its cnonce in Authentication-Info. When all are lent, one is shared; an overtaken request is then
/// refused once, and the fresh nonce of that refusal joins the set.
class DigestState final : public EngineState {
public:
    static constexpr std::size_t kMaxNonces = 24;
    static constexpr std::chrono::seconds kLease{20};

    struct Account {
        std::string user;
        core::Secret a1;        ///< H(user:realm:password) in hexadecimal
        std::string algorithm;  ///< "MD5" or "SHA-256"
        std::string cnonceSeed;
    };
    DigestState(Account account, const AuthChallenge& challenge);

    /// The Authorization value for one request.
    std::string authorize(std::string_view method, std::string_view target, core::MonoTime now);
    /// Learns from an answer: kRetry when the refusal is one of a nonce and not of the account.
    Verdict absorb(const ResponseView& response, core::MonoTime now);

private:
    struct Nonce {
        std::string nonce;
        std::string opaque;
        std::string cnonce;
        std::uint32_t count = 0;
        core::MonoTime lentUntil{};
    };
    void add(const AuthChallenge& challenge);
    Nonce& choose(core::MonoTime now);
    void giveBack(HeaderRefs headers);

    const Account account_;
    const std::string realm_;
    std::mutex mutex_;
    std::vector<Nonce> nonces_;
    std::uint32_t made_ = 0;
    core::MonoTime sharedUntil_{};  ///< a refusal before this may be an overtaken request
};

/// H(user:realm:password) in lower-case hexadecimal, for the algorithm "MD5" or "SHA-256".
std::string digestA1(std::string_view algorithm, std::string_view user, std::string_view realm,
                     std::string_view password);
std::string digestHash(std::string_view algorithm, std::string_view text);

}  // namespace yimen::adapter
