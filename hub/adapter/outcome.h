#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace yimen::adapter {

/// How an attempt to sign on to a system ended. Everything but kOk leaves the person where they were.
enum class Outcome {
    kOk,
    kBadPassword,    ///< the system refused the account: stop, ask the person, never try again by ourselves
    kMustChange,     ///< the system wants a new password first
    kLocked,         ///< the system has locked the account
    kCaptcha,        ///< a human has to read a picture
    kSecondSession,  ///< the account is in use elsewhere and the system allows one session
    kMaintenance,    ///< the system says that it is closed for now
    kPageChanged,    ///< an answer that no declared signal explains, or a login page that is not the expected one
    kUnreachable     ///< no connection, time-out, or an answer that is not HTTP
};

/// "ok", "bad_password", "must_change", ... as in the API contract. Any thread.
std::string_view toString(Outcome outcome) noexcept;
/// What a person reads, zh-CN and English.
std::string_view textZh(Outcome outcome) noexcept;
std::string_view textEn(Outcome outcome) noexcept;
/// True when the stored account must not be used again before the person has looked at it.
bool isAccountFault(Outcome outcome) noexcept;

/// Names of steps that every engine uses: "login_page", "submit", "confirm", "refresh", "sign_off". "connect" is the
/// step of an outcome when no connection came about.
struct Hop {
    std::string step;
    std::string method;
    std::string path;  ///< without the query, which may hold a ticket
    int status = 0;    ///< 0: no answer
    std::chrono::milliseconds took{0};
    std::string note;  ///< which signal matched, or why it failed; never a secret, never text of the answer
};

/// The result of an attempt and how it went, for the linking page, the administrator and the audit. Holds no secret.
struct SignOnOutcome {
    Outcome outcome = Outcome::kUnreachable;
    std::string step;  ///< the step that decided: "connect", "login_page", "submit", "confirm" or one of the manifest
    std::string detail;
    std::vector<Hop> trace;

    bool ok() const noexcept { return outcome == Outcome::kOk; }
};

}  // namespace yimen::adapter
