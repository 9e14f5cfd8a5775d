#include "web/page.h"

#include <array>

#include "core/log.h"
#include "core/url.h"
#include "http/cookies.h"

namespace yimen::web {

using http::Request;
using http::Response;

namespace {

struct UiChoice {
    const char* parameter = nullptr;
    const char* cookie = nullptr;
    std::array<std::string_view, 3> values;
};
constexpr std::array<UiChoice, 3> kChoices{{{"lang", "yimen-lang", {"zh-CN", "en", "en"}},
                                            {"theme", "yimen-theme", {"light", "dark", "system"}},
                                            {"size", "yimen-size", {"normal", "large", "large"}}}};
constexpr std::chrono::hours kYear{24 * 365};

bool isValue(const UiChoice& choice, std::string_view value) {
    return std::find(choice.values.begin(), choice.values.end(), value) != choice.values.end();
}

std::string chosen(const Request& request, const UiChoice& choice, std::string_view otherwise) {
    const auto value = request.cookies.text(choice.cookie);
    return std::string(isValue(choice, value) ? value : otherwise);
}

std::string here(const Request& request) {
    return core::percentEncode(request.rawQuery.empty() ? request.path : request.path + '?' + request.rawQuery);
}

}  // namespace

http::Language Pages::languageOf(const Request& request) const {
    return http::negotiateLanguage(request.acceptLanguage(), request.cookies.text("yimen-lang"));
}

std::string Pages::systemName(const Request& request, std::string_view to) const {
    constexpr std::string_view kGo = "/go/";
    if (!to.starts_with(kGo)) return {};
    const auto system = hub_.catalog()->find(to.substr(kGo.size(), to.find_first_of("/?", kGo.size()) - kGo.size()));
    if (!system) return {};
    const auto& name = system->manifest().name;
    return languageOf(request) == http::Language::kZh ? name.zh : name.en;
}

Response Pages::render(const Request& request, std::string_view name, int status, core::Json data) const {
    const auto language = languageOf(request);
    const bool chinese = language == http::Language::kZh;
    const std::string theme = chosen(request, kChoices[1], "system");
    const std::string size = chosen(request, kChoices[2], "normal");
    data["lang"] = http::languageTag(language);
    data["theme"] = theme;
    data["size"] = size;
    data["is_dark"] = theme == "dark";
    data["is_large"] = size == "large";
    data["is_en"] = !chinese;
    data["page_title"] = hub_.templates.text("page_" + std::string(name), language);
    data["district_name"] = chinese || hub_.site.districtEn.empty() ? hub_.site.districtZh : hub_.site.districtEn;
    data["css"] = hub_.site.loginCss;
    data["js"] = hub_.site.loginJs;
    data["mark"] = hub_.site.mark;
    if (!data.contains("here")) data["here"] = here(request);
    if (!hub_.site.helpContact.empty()) data["help_contact"] = hub_.site.helpContact;
    auto html = hub_.templates.render(name, language, data);
    if (!html.ok()) {
        core::logError("page.template_failed", {{"page", name}, {"error", html.error().describe()}});
        return Response::text(500, "500 Internal Server Error\n");
    }
    return Response::html(status, std::move(*html));
}

Response Pages::error(const Request& request, int status, std::string_view kind) const {
    core::Json data;
    data[std::string(kind)] = true;
    data["status"] = std::to_string(status);
    data["trace_id"] = request.requestId;
    return render(request, "error", status, std::move(data));
}

Response Pages::message(const Request& request, int status, std::string title, std::string detail) const {
    core::Json data;
    data["title"] = std::move(title);
    data["detail"] = std::move(detail);
    data["status"] = std::to_string(status);
    data["trace_id"] = request.requestId;
    return render(request, "error", status, std::move(data));
}

Response Pages::setUi(const Request& request) const {
    Response response = Response::redirect(hub_.returnTargets.acceptOr(request.query.text("to"), "/"));
    for (const auto& choice : kChoices) {
        const auto value = request.query.text(choice.parameter);
        if (!isValue(choice, value)) continue;
        http::addCookie(response, {choice.cookie, std::string(value), http::SameSite::kLax, true, kYear});
    }
    return response;
}

}  // namespace yimen::web
