#pragma once

#include "adapter/engine_base.h"

namespace yimen::adapter {

/// A launch ticket: an API call signed with the hub's access key names the person and gives a single-use token, which
/// the hub itself redeems at the launch address; the session cookie stays in the jar. The signature is that of the
/// common AK/SK scheme: Base64(HMAC-SHA256(secret, METHOD \n Accept \n Content-Type \n signed headers \n target)).
class TicketEngine final : public EngineBase {
public:
    using EngineBase::EngineBase;
    core::Result<SignOnOutcome> signOn(const SignOnContext& context) const override;

private:
    core::Result<ExchangeRequest> tokenRequest(const SignOnContext& context) const;
};

}  // namespace yimen::adapter
