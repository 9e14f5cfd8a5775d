#pragma once

#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

#include "core/check.h"
#include "core/error.h"

namespace yimen::core {

/// Either a value or an Error. Reading the side that is not there is a bug and aborts.
/// Not thread-safe, like any value.
template <typename T>
class [[nodiscard]] Result {
public:
    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit by design
    Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit by design

    bool ok() const noexcept { return state_.index() == 0; }
    explicit operator bool() const noexcept { return ok(); }

    T& value() & {
        YIMEN_CHECK(ok());
        return std::get<0>(state_);
    }
    const T& value() const& {
        YIMEN_CHECK(ok());
        return std::get<0>(state_);
    }
    /// By value, so that `for (auto& x : f().value())` does not walk through a temporary that is gone.
    T value() && {
        YIMEN_CHECK(ok());
        return std::move(std::get<0>(state_));
    }
    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T operator*() && { return std::move(*this).value(); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }

    const Error& error() const {
        YIMEN_CHECK(!ok());
        return std::get<1>(state_);
    }
    T valueOr(T other) && { return ok() ? std::move(*this).value() : std::move(other); }

private:
    std::variant<T, Error> state_;
};

/// Success without a value, or an Error.
template <>
class [[nodiscard]] Result<void> {
public:
    Result() = default;
    Result(Error error) : error_(std::move(error)) {}  // NOLINT: implicit by design

    bool ok() const noexcept { return !error_.has_value(); }
    explicit operator bool() const noexcept { return ok(); }
    const Error& error() const {
        YIMEN_CHECK(error_.has_value());
        return *error_;
    }

private:
    std::optional<Error> error_;
};

using Status = Result<void>;

inline Error makeError(ErrorCode code, std::string message, std::string detail = {}) {
    return Error{code, std::move(message), std::move(detail)};
}

}  // namespace yimen::core

#define YIMEN_CONCAT_INNER(a, b) a##b
#define YIMEN_CONCAT(a, b) YIMEN_CONCAT_INNER(a, b)

// The macro's argument is a declaration: it cannot stand in parentheses.
// NOLINTBEGIN(bugprone-macro-parentheses)

/// YIMEN_TRY(auto x, f()): binds the value of a Result or returns its error from the enclosing function.
#define YIMEN_TRY(declaration, expression) YIMEN_TRY_IMPL(YIMEN_CONCAT(yimenResult, __LINE__), declaration, expression)
#define YIMEN_TRY_IMPL(result, declaration, expression) \
    auto result = (expression);                         \
    if (!result.ok()) return result.error();            \
    declaration = std::move(result).value()

/// Returns the error of a Status from the enclosing function.
#define YIMEN_TRY_STATUS(expression)                                                                        \
    if (auto YIMEN_CONCAT(yimenStatus, __LINE__) = (expression); !YIMEN_CONCAT(yimenStatus, __LINE__).ok()) \
    return YIMEN_CONCAT(yimenStatus, __LINE__).error()
// NOLINTEND(bugprone-macro-parentheses)
