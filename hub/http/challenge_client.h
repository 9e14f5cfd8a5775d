#pragma once

#include <memory>
#include <string>

#include "core/secret.h"
#include "http/client.h"

namespace yimen::http {

/// An account that proves itself by answering the server's challenge within the exchange.
struct ChallengeAccount {
    enum class Scheme { kDigest, kNtlm };  ///< RFC 7616 (a stale nonce is renewed in silence); NTLMv2
    Scheme scheme = Scheme::kDigest;
    std::string user;  ///< NTLM: DOMAIN\user
    core::Secret password;
};

/// HttpClient on libcurl for one such account. One exchange at a time over one connection, which under NTLM belongs to
/// the account and to nobody else. Thread-safe. Errors as HttpClient; a refused account is an answer with status 401.
class ChallengeClient final : public HttpClient {
public:
    /// `clock` must outlive the client.
    ChallengeClient(ClientConfig config, const core::Clock& clock, ChallengeAccount account);
    ~ChallengeClient() override;
    ChallengeClient(const ChallengeClient&) = delete;
    ChallengeClient& operator=(const ChallengeClient&) = delete;

    core::Result<ClientResponse> send(const ClientRequest& request) override;

private:
    class Connection;
    ClientConfig config_;
    const core::Clock& clock_;
    ChallengeAccount account_;
    std::unique_ptr<Connection> connection_;
};

}  // namespace yimen::http
