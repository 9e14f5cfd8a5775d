#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"

namespace yimen::sync {

/// One question over the tables of several items.
struct Inquiry {
    /// One SELECT; the columns it names are `columns`, in any order.
    std::string sql;
    std::vector<std::string> columns;  ///< lower-case letters, digits, '_'
    std::chrono::milliseconds time{10'000};
    std::size_t rows = 10'000;
};

using InquiryRow = std::vector<std::optional<std::string>>;  ///< one cell per column

/// Asks the shared database without being able to change it: a connection of its own that only reads. Thread-safe,
/// blocking. kTimeout and kTooLarge when a limit is passed: then there is no answer at all, not a part of one;
/// kInvalidInput with the database's words when it does not understand the question; kDenied when it is none.
class Inquirer {
public:
    virtual ~Inquirer() = default;
    virtual core::Result<std::vector<InquiryRow>> ask(const Inquiry& inquiry) = 0;
    /// "sqlite" or "postgresql": rules may have words for each.
    virtual std::string_view dialect() const noexcept = 0;
};

/// kInvalidInput unless it is a plain question. The databases refuse the rest themselves; this gives the words.
core::Status checkInquiry(const Inquiry& inquiry);
/// SELECT of exactly the columns, cut off one row behind the limit.
std::string inquirySql(const Inquiry& inquiry);

}  // namespace yimen::sync
