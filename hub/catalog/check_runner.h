#pragma once

#include <functional>
#include <string>
#include <vector>

#include "catalog/check_spec.h"
#include "catalog/share_masks.h"
#include "core/clock.h"
#include "store/alert_store.h"
#include "sync/inquiry.h"

namespace yimen::catalog {

/// Carries checks out: asks the shared database, lets the check's script decide, and brings the alerts up to date with
/// evidence: the (masked) columns, and for each record its key, its system, and the run and batch that brought it.
/// A run that does not get through changes no alert. Thread-safe, blocking.
class CheckRunner {
public:
    struct Parts {
        sync::Inquirer& inquirer;
        store::AlertStore& alerts;
        /// How an item is supplied; null when it is not.
        std::function<sync::ItemSpecPtr(const std::string&)> spec;
        const core::Clock& clock;
        ShareMasks masks;
    };
    explicit CheckRunner(Parts parts) : parts_(std::move(parts)) {}

    /// The error is kept as the check's last run too.
    core::Result<store::CheckRunRecord> run(const CheckSpec& check);
    /// Items of the check that no data.yaml supplies.
    std::vector<std::string> missing(const CheckSpec& check) const;

private:
    core::Result<std::vector<store::Finding>> findings(const CheckSpec& check);
    core::Result<std::string> question(const CheckSpec& check) const;
    core::Result<std::vector<sync::InquiryRow>> decided(const CheckSpec& check,
                                                        std::vector<sync::InquiryRow> rows) const;
    core::Result<core::Json> lineage(const CheckSpec& check, const std::vector<sync::InquiryRow>& rows);
    store::Finding finding(const CheckSpec& check, const sync::InquiryRow& row, const core::Json& batches) const;

    Parts parts_;
};

}  // namespace yimen::catalog
