#include "adapter/outcome.h"

namespace yimen::adapter {

std::string_view toString(Outcome outcome) noexcept {
    switch (outcome) {
        case Outcome::kOk:
            return "ok";
        case Outcome::kBadPassword:
            return "bad_password";
        case Outcome::kMustChange:
            return "must_change";
        case Outcome::kLocked:
            return "locked";
        case Outcome::kCaptcha:
            return "captcha";
        case Outcome::kSecondSession:
            return "second_session";
        case Outcome::kMaintenance:
            return "maintenance";
        case Outcome::kPageChanged:
            return "page_changed";
        case Outcome::kUnreachable:
            return "unreachable";
    }
    return "unreachable";
}

std::string_view textZh(Outcome outcome) noexcept {
    switch (outcome) {
        case Outcome::kOk:
            return "登录成功";
        case Outcome::kBadPassword:
            return "系统不接受这个账号或密码";
        case Outcome::kMustChange:
            return "系统要求先修改密码";
        case Outcome::kLocked:
            return "账号已被该系统锁定，请联系该系统管理员";
        case Outcome::kCaptcha:
            return "系统要求输入验证码，需本人操作";
        case Outcome::kSecondSession:
            return "该账号正在别处使用";
        case Outcome::kMaintenance:
            return "系统正在维护";
        case Outcome::kPageChanged:
            return "系统的登录页面有变化，请联系管理员更新适配";
        case Outcome::kUnreachable:
            return "无法连接该系统";
    }
    return "";
}

std::string_view textEn(Outcome outcome) noexcept {
    switch (outcome) {
        case Outcome::kOk:
            return "Signed on";
        case Outcome::kBadPassword:
            return "The system did not accept this account or password";
        case Outcome::kMustChange:
            return "The system wants the password to be changed first";
        case Outcome::kLocked:
            return "The system has locked this account; ask its administrator";
        case Outcome::kCaptcha:
            return "The system shows a picture that a human has to read";
        case Outcome::kSecondSession:
            return "This account is in use elsewhere";
        case Outcome::kMaintenance:
            return "The system is closed for maintenance";
        case Outcome::kPageChanged:
            return "The system's login page has changed; the adapter needs an update";
        case Outcome::kUnreachable:
            return "The system cannot be reached";
    }
    return "";
}

bool isAccountFault(Outcome outcome) noexcept {
    return outcome == Outcome::kBadPassword || outcome == Outcome::kMustChange || outcome == Outcome::kLocked ||
           outcome == Outcome::kCaptcha;
}

}  // namespace yimen::adapter
