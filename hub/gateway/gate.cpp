#include "gateway/gate.h"

#include <functional>

#include "gateway/subject.h"

namespace yimen::gateway {

namespace {

/// Takes "name=value" at the front of `rest` and moves on behind the next ';'.
std::string_view nextPair(std::string_view& rest) noexcept {
    const auto end = rest.find(';');
    auto pair = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    while (pair.starts_with(' ')) pair.remove_prefix(1);
    return pair;
}

}  // namespace

std::string_view appCookieOf(const net::RequestHead& head) noexcept {
    std::string_view found;
    for (const auto& field : head.fields) {
        if (field.id != net::FieldId::kCookie) continue;
        std::string_view rest = field.value;
        while (!rest.empty()) {
            const auto pair = nextPair(rest);
            if (pair.size() <= kAppCookie.size() || !pair.starts_with(kAppCookie) || pair[kAppCookie.size()] != '=') {
                continue;
            }
            if (!found.empty()) return {};
            found = pair.substr(kAppCookie.size() + 1);
        }
    }
    return found;
}

Gate::Gate(const Dependencies& dependencies)
    : deps_(dependencies), slots_(std::make_unique<std::array<Slot, kSlots>>()) {}

bool Gate::fresh(const Slot& slot, std::string_view cookie, const Route& route, const identity::Directory* directory,
                 core::MonoTime now) const {
    return slot.cookie == cookie && slot.route == &route && slot.directory == directory && now < slot.until &&
           !slot.admission.session->ended() && !slot.admission.entry->retired() &&
           slot.admission.session->actingPost() == slot.actingPost && slot.admission.session->proof() == slot.proof;
}

const Admission* Gate::admit(std::string_view cookie, const Route& route,
                             const std::shared_ptr<const identity::Directory>& directory, core::MonoTime now) {
    if (cookie.empty()) return nullptr;
    auto& slot = (*slots_)[std::hash<std::string_view>{}(cookie) % kSlots];
    if (fresh(slot, cookie, route, directory.get(), now)) return &slot.admission;

    const auto check = deps_.sessions.check(cookie, route.cookiePurpose);
    if (!check.session) return nullptr;
    slot.cookie = cookie;
    slot.route = &route;
    slot.directory = directory.get();
    slot.actingPost = check.session->actingPost();
    slot.proof = check.session->proof();
    slot.until = now + kBelieve;
    slot.admission.session = check.session;
    slot.admission.entry = deps_.systems.enter(*check.session, route.adapter);
    const auto wall = deps_.clock.wall();
    const auto today = identity::dayAt(wall, deps_.utcOffset);
    slot.admission.subject =
        std::make_shared<const policy::Subject>(subjectOf(*check.session, *directory, today, wall));
    return &slot.admission;
}

}  // namespace yimen::gateway
