#pragma once

#include "adapter/engine_base.h"

namespace yimen::adapter {

/// A cookie minted by the hub: whoever holds it is the person, so it lives in the jar only, and is made anew at 80 % of
/// its life.
class LtpaEngine final : public EngineBase {
public:
    using EngineBase::EngineBase;
    core::Result<SignOnOutcome> signOn(const SignOnContext& context) const override;
    /// Mints at once, without a request.
    core::Result<SignOnOutcome> refresh(const SignOnContext& context) const override;
    core::Status decorate(SystemSession& session, const OutgoingRequest& request, const core::Clock& clock,
                          HeaderSink& sink) const override;
};

}  // namespace yimen::adapter
