#pragma once

#include "adapter/engine_base.h"

namespace yimen::adapter {

/// HTTP Digest (RFC 7616) with qop=auth, MD5 or SHA-256: a response per request, nextnonce and stale handled.
class DigestEngine final : public EngineBase {
public:
    using EngineBase::EngineBase;
    core::Result<SignOnOutcome> signOn(const SignOnContext& context) const override;
    core::Status decorate(SystemSession& session, const OutgoingRequest& request, const core::Clock& clock,
                          HeaderSink& sink) const override;
    Verdict absorb(SystemSession& session, const ResponseView& response, const core::Clock& clock) const override;
};

}  // namespace yimen::adapter
