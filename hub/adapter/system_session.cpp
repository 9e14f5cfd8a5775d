#include "adapter/system_session.h"

#include "core/path.h"

namespace yimen::adapter {

namespace {

std::string_view pathOf(std::string_view target) {
    return core::splitTarget(target).path;
}

}  // namespace

std::string SystemSession::cookieHeader(std::string_view target, core::WallTime now) const {
    const std::lock_guard lock(mutex_);
    return jar_.header(origin_.host, pathOf(target), origin_.secure(), now);
}

bool SystemSession::storeCookie(std::string_view setCookie, std::string_view target, core::WallTime now) {
    core::Url url = origin_;
    url.path = pathOf(target);
    const std::lock_guard lock(mutex_);
    return jar_.store(setCookie, url, now);
}

bool SystemSession::hasCookie(std::string_view name) const {
    const std::lock_guard lock(mutex_);
    return jar_.has(name);
}

std::shared_ptr<EngineState> SystemSession::state() const {
    const std::lock_guard lock(mutex_);
    return state_;
}

void SystemSession::establish(CookieJar jar, std::shared_ptr<EngineState> state, core::WallTime refreshAt) {
    {
        const std::lock_guard lock(mutex_);
        std::swap(jar_, jar);
        state_.swap(state);
    }
    refreshAtUs_.store(core::toUnixMicros(refreshAt));
    signedOn_.store(true, std::memory_order_release);
    generation_.fetch_add(1, std::memory_order_acq_rel);
}

void SystemSession::renew(std::shared_ptr<EngineState> state, core::WallTime refreshAt) {
    {
        const std::lock_guard lock(mutex_);
        state_.swap(state);
    }
    refreshAtUs_.store(core::toUnixMicros(refreshAt));
    generation_.fetch_add(1, std::memory_order_acq_rel);
}

void SystemSession::putCookie(std::string_view name, std::string_view value, core::WallTime now) {
    const std::lock_guard lock(mutex_);
    jar_.put(name, value, origin_, now);
}

CookieJar SystemSession::jar() const {
    const std::lock_guard lock(mutex_);
    return jar_;
}

void SystemSession::clear() {
    signedOn_.store(false, std::memory_order_release);
    refreshAtUs_.store(0);
    std::shared_ptr<EngineState> old;
    const std::lock_guard lock(mutex_);
    jar_.clear();
    old.swap(state_);
}

}  // namespace yimen::adapter
