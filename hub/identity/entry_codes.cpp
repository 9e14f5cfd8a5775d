#include "identity/entry_codes.h"

namespace yimen::identity {

using core::ErrorCode;
using core::makeError;
using core::Result;

namespace {

constexpr std::size_t kCodeBytes = 16;
constexpr std::chrono::seconds kSweepEvery{5};

core::Error refused(const char* cause) {
    return makeError(ErrorCode::kUnauthenticated,
                     "入口码无效或已用过，请重新打开系统 / the entry code is not valid; open the system again", cause);
}

}  // namespace

Result<std::string> EntryCodes::issue(const Session& session, std::string_view system) {
    std::string code = random_.base64Url(kCodeBytes);
    const core::MonoTime now = clock_.mono();
    const std::lock_guard lock(mutex_);
    if (now >= nextSweep_ || codes_.size() >= limits_.maxOpen) dropLate(now);
    if (codes_.size() >= limits_.maxOpen) {
        return makeError(ErrorCode::kUnavailable, "系统繁忙，请稍后再试 / busy; try again in a minute",
                         "entry_codes.max_open");
    }
    codes_[code] = Code{session.id(), std::string(system), now + limits_.lifetime};
    return code;
}

Result<EntryCodes::Entered> EntryCodes::redeem(std::string_view code, std::string_view system) {
    Code found;
    {
        const std::lock_guard lock(mutex_);
        auto node = codes_.extract(std::string(code));
        if (node.empty()) return refused("unknown");
        found = std::move(node.mapped());
    }
    if (clock_.mono() >= found.expires) return refused("late");
    if (found.system != system) return refused("other_system");
    SessionHandle session = sessions_.find(found.session);
    if (!session) return refused("session_over");
    YIMEN_TRY(std::string cookie, sessions_.ticketFor(*session, appPurpose(system)));
    return Entered{std::move(session), std::move(cookie)};
}

void EntryCodes::dropLate(core::MonoTime now) {
    std::erase_if(codes_, [now](const auto& entry) { return now >= entry.second.expires; });
    nextSweep_ = now + kSweepEvery;
}

}  // namespace yimen::identity
