#include "identity/session.h"

namespace yimen::identity {

Session::Session(const store::SessionRecord& record, std::shared_ptr<const std::string> userAgent)
    : id_(record.id),
      person_(record.person),
      createdAt_(record.createdAt),
      expiresAt_(record.expiresAt),
      ip_(record.ip),
      userAgent_(std::move(userAgent)),
      actingPost_(record.actingPost),
      lastSeenUs_(core::toUnixMicros(record.lastSeenAt)),
      assurance_(static_cast<Assurance>(record.assurance)) {}

store::SessionRecord Session::record() const {
    return {id_,        person_,          actingPost(), static_cast<int>(assurance()), createdAt_, lastSeenAt(),
            expiresAt_, std::string(ip_), *userAgent_};
}

}  // namespace yimen::identity
