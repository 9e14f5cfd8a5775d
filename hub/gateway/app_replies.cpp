#include "gateway/app_replies.h"

#include "core/ascii.h"
#include "core/json.h"
#include "core/url.h"

namespace yimen::gateway {

namespace {

using core::equalIgnoreCase;

constexpr std::size_t kMaxRememberedTarget = 1500;

std::string_view valueOf(const net::RequestHead& head, std::string_view name) noexcept {
    const auto* field = head.find(name);
    return field == nullptr ? std::string_view() : field->value;
}

bool isDenial(Trouble trouble) noexcept {
    return trouble == Trouble::kDenied || trouble == Trouble::kReadOnly;
}

/// Where the person may be sent again; empty when the request changed something.
std::string_view againOf(const Asked& asked) noexcept {
    return asked.method == "GET" ? asked.target : std::string_view();
}

std::string hubUrl(const Route& route, Trouble trouble, const Asked& asked) {
    const auto target = isDenial(trouble) ? asked.target : againOf(asked);
    switch (trouble) {
        case Trouble::kSignedOut:
            return entryUrl(route, againOf(asked));
        case Trouble::kStepUp:
            return stepUpUrl(route, asked);
        case Trouble::kNotLinked:
        case Trouble::kLinkBroken:
            return route.hubOrigin + "/me/links?system=" + route.id;
        default:
            break;
    }
    std::string url = route.hubOrigin + "/trouble?kind=" + std::string(codeOf(trouble)) + "&system=" + route.id;
    if (isDenial(trouble) && asked.method != "GET") url += "&method=" + core::percentEncode(asked.method.substr(0, 32));
    if (target.size() <= kMaxRememberedTarget) url += "&to=" + core::percentEncode(target);
    return url;
}

/// A frame cannot leave its page by a redirect; this one asks for a click. No script: the system's policy may forbid
/// it.
net::Reply framePage(int status, const std::string& url, bool stepUp) {
    const char* words = stepUp ? "此处需要验证码，请点这里 / A one-time code is needed, click here"
                               : "此处需要重新进入系统，请点这里 / Please enter again";
    const std::string body =
        "<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><title>一门</title>"
        "<p><a target=\"_top\" href=\"" +
        url + "\">" + words + "</a></p></html>";
    return net::Reply::text(status, body, "text/html; charset=utf-8");
}

net::Reply problem(const Route& route, Trouble trouble, const Asked& asked, const StepUpNeed& need) {
    core::Json json;
    json["type"] = "about:blank";
    json["status"] = statusOf(trouble);
    json["code"] = codeOf(trouble);
    json["title"] = net::reasonPhrase(statusOf(trouble));
    json["system"] = route.id;
    json["login_url"] = entryUrl(route, againOf(asked));
    if (trouble == Trouble::kStepUp) {
        json["acr_values"] = std::to_string(need.level);
        if (need.maxAge.count() > 0) json["max_age"] = need.maxAge.count();
        json["step_up_url"] = stepUpUrl(route, asked);
    }
    return net::Reply::text(statusOf(trouble), core::writeJson(json), "application/problem+json");
}

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            default:
                out += c;
        }
    }
    return out;
}

/// Stands alone: the system's host serves nothing of the hub's.
net::Reply stopPage(const Route& route, const ScriptStop& stop, const std::string& number) {
    const auto& name = route.manifest().name;
    std::string body = "<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\">";
    body += "<meta name=\"viewport\" content=\"width=device-width\"><title>" + escaped(name.zh) + "</title><h1>";
    body += stop.failed ? "请求未能送达 / The request could not be passed on" : "操作被拒绝 / Not allowed";
    body += "</h1><p>" + escaped(stop.reason.zh) + "</p><p lang=\"en\">" + escaped(stop.reason.en) + "</p><p>";
    body += escaped(name.zh) + " / " + escaped(name.en) + "（" + route.id + "）</p><p>编号 / Number: <code>" + number;
    body += "</code></p><p><a target=\"_top\" href=\"" + route.hubOrigin +
            "/\">返回门户 / Back to the portal</a></p></html>";
    return net::Reply::text(stop.status, std::move(body), "text/html; charset=utf-8")
        .with("Content-Security-Policy", "default-src 'none'; base-uri 'none'; form-action 'none'");
}

net::Reply stopProblem(const Route& route, const ScriptStop& stop, const std::string& number) {
    core::Json json;
    json["type"] = "about:blank";
    json["status"] = stop.status;
    json["code"] = stop.failed ? "hook_failed" : "hook_denied";
    json["title"] = stop.reason.zh + " / " + stop.reason.en;
    json["system"] = route.id;
    json["trace_id"] = number;
    return net::Reply::text(stop.status, core::writeJson(json), "application/problem+json");
}

}  // namespace

net::Reply stopReply(const Route& route, const ScriptStop& stop, Reader reader, const std::string& number) {
    auto reply = reader == Reader::kScript ? stopProblem(route, stop, number) : stopPage(route, stop, number);
    reply.fields.emplace_back("Cache-Control", "no-store");
    if (stop.status == 503) reply.fields.emplace_back("Retry-After", "5");
    return reply;
}

Reader readerOf(const net::RequestHead& head) noexcept {
    const auto mode = valueOf(head, "Sec-Fetch-Mode");
    if (!mode.empty()) {
        if (mode != "navigate") return Reader::kScript;
        const auto dest = valueOf(head, "Sec-Fetch-Dest");
        return dest == "iframe" || dest == "frame" || dest == "embed" || dest == "object" ? Reader::kFrame
                                                                                          : Reader::kPage;
    }
    const auto* requestedWith = head.find(net::FieldId::kXRequestedWith);
    if (requestedWith != nullptr && equalIgnoreCase(requestedWith->value, "XMLHttpRequest")) return Reader::kScript;
    const auto* accept = head.find(net::FieldId::kAccept);
    return accept != nullptr && accept->value.find("text/html") != std::string_view::npos ? Reader::kPage
                                                                                          : Reader::kScript;
}

std::string_view codeOf(Trouble trouble) noexcept {
    switch (trouble) {
        case Trouble::kSignedOut:
            return "signed_out";
        case Trouble::kDenied:
            return "denied";
        case Trouble::kReadOnly:
            return "read_only";
        case Trouble::kStepUp:
            return "insufficient_user_authentication";  // the word of RFC 9470 section 3
        case Trouble::kNotLinked:
            return "not_linked";
        case Trouble::kLinkBroken:
            return "link_broken";
        case Trouble::kSignOnFailed:
            return "sign_on_failed";
        case Trouble::kSecondSession:
            return "second_session";
        case Trouble::kMaintenance:
            return "maintenance";
        case Trouble::kDown:
            return "down";
        case Trouble::kSlow:
            return "slow";
        case Trouble::kBusy:
            return "busy";
        case Trouble::kBadRequest:
            return "bad_request";
        case Trouble::kNotRepeated:
            return "not_repeated";
    }
    return "down";
}

int statusOf(Trouble trouble) noexcept {
    switch (trouble) {
        case Trouble::kSignedOut:
            return 401;
        case Trouble::kDenied:
        case Trouble::kReadOnly:
        case Trouble::kStepUp:
        case Trouble::kNotLinked:
        case Trouble::kLinkBroken:
            return 403;
        case Trouble::kSecondSession:
        case Trouble::kNotRepeated:
            return 409;
        case Trouble::kSignOnFailed:
        case Trouble::kDown:
            return 502;
        case Trouble::kSlow:
            return 504;
        case Trouble::kMaintenance:
        case Trouble::kBusy:
            return 503;
        case Trouble::kBadRequest:
            return 400;
    }
    return 502;
}

std::string entryUrl(const Route& route, std::string_view target) {
    std::string url = route.hubOrigin + "/go/" + route.id;
    if (!target.empty() && target != "/" && target.size() <= kMaxRememberedTarget) {
        url += "?to=" + core::percentEncode(target);
    }
    return url;
}

std::string stepUpUrl(const Route& route, const Asked& asked) {
    const std::string entry = entryUrl(route, againOf(asked)).substr(route.hubOrigin.size());
    const std::string url = route.hubOrigin + "/step-up?to=" + core::percentEncode(entry);
    return asked.method == "GET" ? url : url + "&ask=1";
}

std::optional<Trouble> troubleOf(const SignOnReport& report) noexcept {
    switch (report.kind) {
        case SignOnReport::Kind::kReady:
            return std::nullopt;
        case SignOnReport::Kind::kNotLinked:
            return Trouble::kNotLinked;
        case SignOnReport::Kind::kLinkBroken:
            return Trouble::kLinkBroken;
        case SignOnReport::Kind::kBusy:
            return Trouble::kBusy;
        case SignOnReport::Kind::kFailed:
            break;
    }
    switch (report.outcome.outcome) {
        case adapter::Outcome::kUnreachable:
            return Trouble::kDown;
        case adapter::Outcome::kMaintenance:
            return Trouble::kMaintenance;
        case adapter::Outcome::kSecondSession:
            return Trouble::kSecondSession;
        default:
            return adapter::isAccountFault(report.outcome.outcome) ? Trouble::kLinkBroken : Trouble::kSignOnFailed;
    }
}

net::Reply troubleReply(const Route& route, Trouble trouble, Reader reader, const Asked& asked,
                        const StepUpNeed& need) {
    net::Reply reply;
    if (trouble == Trouble::kBadRequest) {
        reply = net::Reply::text(400, "400 Bad Request: this address has more than one reading\n");
    } else if (reader == Reader::kScript) {
        reply = problem(route, trouble, asked, need);
    } else if (reader == Reader::kFrame) {
        reply = framePage(statusOf(trouble), hubUrl(route, trouble, asked), trouble == Trouble::kStepUp);
    } else {
        reply = net::Reply::redirect(303, hubUrl(route, trouble, asked));
    }
    reply.fields.emplace_back("Cache-Control", "no-store");
    if (statusOf(trouble) == 503) reply.fields.emplace_back("Retry-After", "5");
    // RFC 9110 section 15.5.2 wants a challenge with a 401; browsers show no prompt for a scheme they do not know.
    if (reply.status == 401) reply.fields.emplace_back("WWW-Authenticate", "Yimen");
    return reply;
}

}  // namespace yimen::gateway
