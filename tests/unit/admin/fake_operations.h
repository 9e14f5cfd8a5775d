#pragma once

#include "admin/api.h"

namespace yimen::admin::test {

/// What a running hub would do, said by the test.
class FakeOperations final : public Operations {
public:
    core::Result<Reloaded> reload(std::vector<std::string>& out) override {
        ++reloads;
        out = faults;
        if (faults.empty()) return Reloaded{7, 10, 42};
        return core::makeError(core::ErrorCode::kInvalidInput, faults.front());
    }
    core::Result<ChainState> verifyAudit() override { return chain; }
    core::Result<audit::AuditPage> readAudit(const audit::AuditQuery& query) override {
        asked = query;
        return page;
    }
    identity::ImportReport checkImport(const identity::ImportFiles& files) override {
        checked = files;
        return report;
    }
    core::Result<identity::ImportReport> applyImport(const identity::ImportFiles& files) override {
        applied = files;
        return report;
    }

    int reloads = 0;
    audit::AuditQuery asked;
    audit::AuditPage page;
    std::vector<std::string> faults;
    ChainState chain{true, 1000, -1, "abc"};
    identity::ImportReport report;
    identity::ImportFiles checked;
    identity::ImportFiles applied;
};

}  // namespace yimen::admin::test
