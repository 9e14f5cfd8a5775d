#include "identity/password_policy.h"

#include <algorithm>
#include <array>

#include "core/ascii.h"
#include "core/unicode.h"

namespace yimen::identity {

using core::ErrorCode;
using core::makeError;

namespace {

/// Roots that most guessed passwords are made of, and walks over the keyboard. Lower case, without digit spelling.
constexpr std::array<std::string_view, 50> kCommon{
    "password", "passwd",   "passw",    "admin",      "administrator", "root",     "welcome", "letmein",
    "iloveyou", "woaini",   "monkey",   "dragon",     "master",        "secret",   "login",   "access",
    "qwerty",   "qwertyui", "asdf",     "asdfgh",     "asdfghjk",      "zxcv",     "zxcvbn",  "zxcvbnm",
    "qazwsx",   "1qaz2wsx", "3edc4rfv", "qweasd",     "qweasdzxc",     "abc",      "abcd",    "abcdef",
    "test",     "guest",    "user",     "default",    "changeme",      "computer", "china",   "beijing",
    "dalian",   "liaoning", "zhongguo", "government", "yimen",         "system",   "hello",   "sunshine",
    "1314",     "520"};

constexpr std::size_t kLeastOwn = 4;       // characters that must be left when everything guessable is taken out
constexpr std::size_t kRun = 3;            // "123", "aaa", "cba" and longer count as guessable
constexpr std::size_t kLeastPersonal = 3;  // shorter names stand in too many words
constexpr std::size_t kPhoneTail = 6;

/// Lower case, with digits and signs that stand for letters read as those letters; '1' is an l or an i.
std::string readAsLetters(std::string_view text, char one = 'l') {
    std::string out = core::lowerCase(text);
    for (char& c : out) {
        constexpr std::string_view kSigns = "013457@$!";
        constexpr std::string_view kLetters = "oleastasi";
        const std::size_t at = kSigns.find(c);
        if (at != std::string_view::npos) c = c == '1' ? one : kLetters[at];
    }
    return out;
}

std::string lettersOf(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (core::isAlpha(c)) out.push_back(core::toLower(c));
    }
    return out;
}

int countClasses(std::string_view text) {
    bool lower = false;
    bool upper = false;
    bool digit = false;
    bool other = false;
    for (const char c : text) {
        if (c >= 'a' && c <= 'z') {
            lower = true;
        } else if (c >= 'A' && c <= 'Z') {
            upper = true;
        } else if (core::isDigit(c)) {
            digit = true;
        } else {
            other = true;
        }
    }
    return static_cast<int>(lower) + static_cast<int>(upper) + static_cast<int>(digit) + static_cast<int>(other);
}

/// Length of the run of equal steps (0, +1 or -1) that begins at `at`.
std::size_t runAt(std::string_view text, std::size_t at) {
    if (at + 1 >= text.size()) return 1;
    const int step = text[at + 1] - text[at];
    if (step < -1 || step > 1) return 1;
    std::size_t end = at + 1;
    while (end + 1 < text.size() && text[end + 1] - text[end] == step) ++end;
    return end - at + 1;
}

/// 4 for a year of our time, else 0.
std::size_t yearAt(std::string_view text, std::size_t at) {
    const std::string_view year = text.substr(at, 4);
    const bool century = year.starts_with("19") || year.starts_with("20");
    return century && year.size() == 4 && core::isDigit(year[2]) && core::isDigit(year[3]) ? 4 : 0;
}

std::string withoutRuns(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = std::max(runAt(text, at), yearAt(text, at));
        if (length >= kRun) {
            at += length;
        } else {
            out.push_back(text[at++]);
        }
    }
    return out;
}

bool contains(const std::string& text, std::string_view part) {
    return part.size() >= kLeastPersonal && text.find(part) != std::string::npos;
}

struct NamedRule {
    bool broken;
    std::string text;
};

}  // namespace

/// Takes known roots, runs and years out and looks whether enough is left that must be guessed.
bool PasswordPolicy::isCommon(std::string plain) {
    plain = core::lowerCase(plain);
    std::string spelled = readAsLetters(plain);
    auto roots = kCommon;
    std::sort(roots.begin(), roots.end(), [](auto a, auto b) { return a.size() > b.size(); });
    for (const std::string_view root : roots) {
        for (std::size_t at = spelled.find(readAsLetters(root)); at != std::string::npos;
             at = spelled.find(readAsLetters(root), at)) {
            spelled.erase(at, root.size());
            plain.erase(at, root.size());
        }
    }
    return core::characterCount(withoutRuns(plain)) < kLeastOwn;
}

bool PasswordPolicy::isPersonal(const std::string& plain, const PasswordSubject& subject) {
    const std::string lower = core::lowerCase(plain);
    std::string pinyin;
    std::string initials;
    for (const std::string& syllable : core::pinyinSyllables(subject.name)) {
        pinyin += syllable;
        if (!syllable.empty()) initials.push_back(syllable.front());
    }
    for (const std::string& word : {core::lowerCase(subject.username), pinyin, core::lowerCase(subject.name)}) {
        if (contains(lower, word)) return true;
        for (const char one : {'l', 'i'}) {
            if (contains(readAsLetters(plain, one), readAsLetters(word, one))) return true;
        }
    }
    const std::string& phone = subject.phone;
    if (phone.size() >= kPhoneTail && contains(lower, std::string_view(phone).substr(phone.size() - kPhoneTail))) {
        return true;
    }
    return !initials.empty() && lettersOf(plain) == initials;
}

core::Status PasswordPolicy::check(const core::Secret& password, const PasswordSubject& subject) const {
    std::string plain(password.reveal());  // to take apart; wiped below
    const auto length = static_cast<int>(core::characterCount(plain));
    const bool control = std::any_of(plain.begin(), plain.end(), [](char c) { return c >= 0 && c < ' '; });
    const std::array<NamedRule, 6> rules{{
        {length == 0 && !plain.empty(), "不是有效的文字 / is not valid text"},
        {control, "不能含控制字符 / must not hold control characters"},
        {length < rules_.minLength || length > rules_.maxLength,
         "长度须为 " + std::to_string(rules_.minLength) + "–" + std::to_string(rules_.maxLength) +
             " 个字符 / must have " + std::to_string(rules_.minLength) + " to " + std::to_string(rules_.maxLength) +
             " characters"},
        {countClasses(plain) < rules_.minClasses,
         "须含大写、小写、数字、其他字符中的至少 " + std::to_string(rules_.minClasses) + " 类 / must mix at least " +
             std::to_string(rules_.minClasses) + " of lower case, upper case, digits and other signs"},
        {rules_.refuseCommon && isCommon(plain), "过于常见，容易被猜到 / is too common and easily guessed"},
        {rules_.refusePersonal && isPersonal(plain, subject),
         "不能含本人姓名（拼音）、用户名或电话 / must not hold your name, user name or phone"},
    }};
    core::wipeText(plain);
    std::string broken;
    for (const NamedRule& rule : rules) {
        if (!rule.broken) continue;
        broken += broken.empty() ? "口令" : "；";
        broken += rule.text;
    }
    if (broken.empty()) return {};
    return makeError(ErrorCode::kInvalidInput, broken);
}

bool PasswordPolicy::expired(core::WallTime changedAt, core::WallTime now) const noexcept {
    return rules_.maxAgeDays > 0 && now - changedAt >= std::chrono::days(rules_.maxAgeDays);
}

}  // namespace yimen::identity
