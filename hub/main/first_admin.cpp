#include "main/first_admin.h"

#include <chrono>
#include <cstdio>
#include <string>

namespace yimen::main {

namespace {

constexpr std::chrono::hours kSetupLifetime{24};

}  // namespace

core::Status announceFirstAdmin(Foundation& base, const core::Url& hub) {
    YIMEN_TRY(const auto holders, base.stores.credentials->holders());
    if (!holders.empty()) return {};
    YIMEN_TRY(const auto token, base.oneTimeLinks->issue(identity::kFirstAdminPurpose, 0, kSetupLifetime));
    // Shown on the terminal only: the log keeps no secret.
    std::printf(
        "还没有管理员，请在 24 小时内打开此链接 / No administrator yet, open this link within 24 hours:\n  "
        "%s/setup/%s\n",
        hub.origin().c_str(), std::string(token.reveal()).c_str());
    std::fflush(stdout);
    return {};
}

}  // namespace yimen::main
