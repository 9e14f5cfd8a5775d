#pragma once

#include "adapter/engine_base.h"

namespace yimen::adapter {

/// Identity headers signed with a shared key (HMAC-SM3 or HMAC-SHA256) over the identity, the time, the method and the
/// target: fresh for every request, never seen by the browser, and stripped from what a browser sends.
class HeaderEngine final : public EngineBase {
public:
    using EngineBase::EngineBase;
    core::Result<SignOnOutcome> signOn(const SignOnContext& context) const override;
    core::Status decorate(SystemSession& session, const OutgoingRequest& request, const core::Clock& clock,
                          HeaderSink& sink) const override;
};

}  // namespace yimen::adapter
