#pragma once

#include "adapter/engine_base.h"

namespace yimen::adapter {

/// JSON login that answers with an access token (RFC 6750) and, where the system has one, a refresh token. Both stay in
/// the hub. A refresh token is used once: the pair that comes back replaces it.
class BearerEngine final : public EngineBase {
public:
    using EngineBase::EngineBase;
    core::Result<SignOnOutcome> signOn(const SignOnContext& context) const override;
    core::Result<SignOnOutcome> refresh(const SignOnContext& context) const override;
    core::Status decorate(SystemSession& session, const OutgoingRequest& request, const core::Clock& clock,
                          HeaderSink& sink) const override;

private:
    struct Pair;
    std::optional<Pair> readPair(const http::ClientResponse& response, core::WallTime now) const;
};

}  // namespace yimen::adapter
