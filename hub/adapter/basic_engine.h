#pragma once

#include "adapter/engine_base.h"

namespace yimen::adapter {

/// HTTP Basic (RFC 7617): user name and password in the manifest's charset on every request.
class BasicEngine final : public EngineBase {
public:
    using EngineBase::EngineBase;
    core::Result<SignOnOutcome> signOn(const SignOnContext& context) const override;
    core::Status decorate(SystemSession& session, const OutgoingRequest& request, const core::Clock& clock,
                          HeaderSink& sink) const override;
};

}  // namespace yimen::adapter
