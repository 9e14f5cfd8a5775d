#include "identity/session.h"

namespace yimen::identity {

namespace {

core::WallTime provedAtOf(const store::SessionRecord& record) {
    return record.assuranceAt == core::WallTime{} ? record.createdAt : record.assuranceAt;
}

}  // namespace

Session::Session(const store::SessionRecord& record, std::shared_ptr<const std::string> userAgent,
                 std::chrono::seconds stepUpFor)
    : id_(record.id),
      person_(record.person),
      createdAt_(record.createdAt),
      expiresAt_(record.expiresAt),
      ip_(record.ip),
      userAgent_(std::move(userAgent)),
      stepUpFor_(stepUpFor),
      actingPost_(record.actingPost),
      lastSeenUs_(core::toUnixMicros(record.lastSeenAt)),
      proof_(proofOf(static_cast<Assurance>(record.assurance), provedAtOf(record))) {}

Assurance Session::assurance(core::WallTime now) const noexcept {
    const std::uint64_t proof = this->proof();
    const Assurance level = levelOf(proof);
    const bool over = level > Assurance::kPassword && now - timeOf(proof) >= stepUpFor_;
    return over ? Assurance::kPassword : level;
}

core::WallTime Session::raisedUntil(core::WallTime now) const noexcept {
    if (assurance(now) <= Assurance::kPassword) return {};
    return provedAt() + stepUpFor_;
}

store::SessionRecord Session::record() const {
    const std::uint64_t proof = this->proof();
    return {id_,         person_,      actingPost(), static_cast<int>(levelOf(proof)),
            createdAt_,  lastSeenAt(), expiresAt_,   std::string(ip_),
            *userAgent_, timeOf(proof)};
}

}  // namespace yimen::identity
