#include "adapter/basic_engine.h"
#include "adapter/bearer_engine.h"
#include "adapter/digest_engine.h"
#include "adapter/form_engine.h"
#include "adapter/header_engine.h"
#include "adapter/ltpa_engine.h"
#include "adapter/ticket_engine.h"

namespace yimen::adapter {

core::Result<std::unique_ptr<const SignOnEngine>> makeEngine(std::shared_ptr<const Manifest> manifest) {
    using Engine = std::unique_ptr<const SignOnEngine>;
    std::shared_ptr<const Hooks> hooks;
    if (!manifest->hooks.empty()) {
        YIMEN_TRY(hooks, Hooks::load(manifest->folder, manifest->hooks));
    }
    switch (manifest->login.kind) {
        case LoginKind::kHttpBasic:
            return Engine(std::make_unique<BasicEngine>(std::move(manifest)));
        case LoginKind::kHttpDigest:
            return Engine(std::make_unique<DigestEngine>(std::move(manifest)));
        case LoginKind::kHmacTicket:
            return Engine(std::make_unique<TicketEngine>(std::move(manifest)));
        case LoginKind::kTrustedHeader:
            return Engine(std::make_unique<HeaderEngine>(std::move(manifest)));
        case LoginKind::kJsonBearer:
            return Engine(std::make_unique<BearerEngine>(std::move(manifest)));
        case LoginKind::kLtpaCookie:
            return Engine(std::make_unique<LtpaEngine>(std::move(manifest)));
        default:
            return Engine(std::make_unique<FormEngine>(std::move(manifest), std::move(hooks)));
    }
}

}  // namespace yimen::adapter
