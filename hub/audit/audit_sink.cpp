#include "audit/audit_sink.h"

#include <future>

namespace yimen::audit {

core::Status AuditSink::appendAndWait(AuditEvent event) {
    auto promise = std::make_shared<std::promise<core::Status>>();
    auto future = promise->get_future();
    append(std::move(event), [promise](core::Status status) { promise->set_value(std::move(status)); });
    return future.get();
}

}  // namespace yimen::audit
