#include <algorithm>

#include "adapter/exchange.h"
#include "core/json.h"

namespace yimen::adapter {

namespace {

/// An answer with its costly readings made at most once.
class Answer {
public:
    Answer(const Manifest& manifest, const http::ClientResponse& response) : manifest_(manifest), response_(response) {
        for (const auto& field : response.fields) headers_.push_back({field.name, field.value});
    }

    bool fits(const Matcher& matcher) {
        if (!matchesHead(matcher, {response_.status, headers_, {}}) || !matchesBytes(matcher, response_.body))
            return false;
        return (matcher.selector.empty() || fitsElement(matcher)) && (matcher.jsonMember.empty() || fitsJson(matcher));
    }

private:
    bool fitsElement(const Matcher& matcher) {
        if (!page_) {
            const auto text = decodeBody(response_.body, manifest_.origin.charset);
            page_ = text.ok() ? HtmlPage::parse(*text) : core::Result<HtmlPage>(text.error());
        }
        if (!page_->ok()) return false;
        const auto found = (*page_)->textOf(matcher.selector);
        if (!found || !matcher.text) return found.has_value();
        const bool filled = found->find_first_not_of(" \t\r\n") != std::string::npos;
        return matcher.text->empty() ? filled : found->find(*matcher.text) != std::string::npos;
    }

    bool fitsJson(const Matcher& matcher) {
        if (!json_) json_ = core::parseJson(response_.body);
        if (!json_->ok()) return false;
        const core::Json* value = &**json_;
        std::string_view path = matcher.jsonMember;
        while (!path.empty()) {
            const auto dot = path.find('.');
            const std::string key(path.substr(0, dot));
            if (!value->is_object() || !value->contains(key)) return false;
            value = &value->at(key);
            path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
        }
        if (!matcher.jsonValue) return !value->is_null();
        return value->is_string() ? value->get_ref<const std::string&>() == *matcher.jsonValue
                                  : core::writeJson(*value) == *matcher.jsonValue;
    }

    const Manifest& manifest_;
    const http::ClientResponse& response_;
    std::vector<HeaderRef> headers_;
    std::optional<core::Result<HtmlPage>> page_;
    std::optional<core::Result<core::Json>> json_;
};

const Matcher* firstMatch(const std::vector<Matcher>& matchers, Answer& answer) {
    const auto found = std::find_if(matchers.begin(), matchers.end(), [&](const Matcher& m) { return answer.fits(m); });
    return found == matchers.end() ? nullptr : &*found;
}

}  // namespace

Judgement judge(const Manifest& manifest, const http::ClientResponse& response) {
    Answer answer(manifest, response);
    const auto& signals = manifest.signals;
    const std::pair<const std::vector<Matcher>*, Outcome> order[] = {{&signals.locked, Outcome::kLocked},
                                                                     {&signals.mustChange, Outcome::kMustChange},
                                                                     {&signals.captcha, Outcome::kCaptcha},
                                                                     {&signals.secondSession, Outcome::kSecondSession},
                                                                     {&signals.maintenance, Outcome::kMaintenance},
                                                                     {&signals.failure, Outcome::kBadPassword},
                                                                     {&signals.success, Outcome::kOk}};
    for (const auto& [matchers, outcome] : order) {
        if (const Matcher* match = firstMatch(*matchers, answer)) return {outcome, match->name};
    }
    return {};
}

bool anyMatches(const std::vector<Matcher>& matchers, const Manifest& manifest, const http::ClientResponse& response) {
    Answer answer(manifest, response);
    return firstMatch(matchers, answer) != nullptr;
}

}  // namespace yimen::adapter
