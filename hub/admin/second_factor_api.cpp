#include "admin/api.h"
#include "web/qr_code.h"
#include "web/sign_in.h"
#include "web/step_up.h"

namespace yimen::admin {

using core::Json;
using core::Secret;
using http::Request;
using http::Response;
using identity::CodeResult;
using web::apiProblem;
using web::Caller;

namespace {

constexpr std::size_t kGroup = 4;

Response invalid(const Request& request, const core::Error& error) {
    http::Problem problem;
    problem.status = 422;
    problem.code = "invalid_field";
    problem.title = error.message;
    problem.detail = error.message;
    problem.traceId = request.requestId;
    return Response::problem(problem);
}

/// "ABCD EFGH ...": what a person types into an app that cannot scan.
std::string inGroups(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); at += kGroup) {
        if (at > 0) out += ' ';
        out += text.substr(at, kGroup);
    }
    return out;
}

Json codesJson(const identity::SecondFactors::RecoveryCodes& codes) {
    Json list = Json::array();
    for (const Secret& code : codes) list.push_back(std::string(code.reveal()));  // shown to their owner, this once
    return {{"recovery_codes", list}};
}

/// One's own second factor, and its reset by an administrator. What is secret stands in the one answer that hands it
/// over and nowhere else: no log, no audit text, no address, no later page.
class SecondFactorApi {
public:
    explicit SecondFactorApi(const web::WebContext& context)
        : context_(context), signIn_(context.hub), stepUp_(context.hub) {}

    Response get(const Request& request, const Caller& caller) const {
        const auto found = factors().status(caller.person.id);
        if (!found.ok()) return apiProblem(request, found.error());
        const auto now = context_.hub.clock.wall();
        const store::SecondFactorRecord record = found->value_or(store::SecondFactorRecord{});
        return Response::json(200, {{"enrolled", found->has_value()},
                                    {"name", record.name},
                                    {"created_at", timeOrNull(record.createdAt)},
                                    {"last_used_at", timeOrNull(record.lastUsedAt)},
                                    {"recovery_codes_left", record.recoveryCodes},
                                    {"raised_until", timeOrNull(caller.session->raisedUntil(now))}});
    }

    /// Kdf pool: asks for the password again, or an open browser could be given somebody else's phone.
    Response begin(const Request& request, const Caller& caller) const {
        auto password = fieldOf(request, "password", {"password"});
        if (!password.ok()) return invalid(request, password.error());
        switch (signIn_.again(request, caller.person, Secret(std::move(*password)))) {
            case web::SignIn::Reauthentication::kThrottled:
                return apiProblem(request, 429, "throttled", "尝试过多，请稍后再试", "Too many tries; wait a little");
            case web::SignIn::Reauthentication::kWrong:
                return apiProblem(request, 422, "bad_password", "口令不正确", "The password is not right");
            case web::SignIn::Reauthentication::kOk:
                break;
        }
        const auto setup = factors().begin(caller.person, caller.session->id());
        if (!setup.ok()) return refused(request, setup.error());
        const auto code = web::qrCodeOf(setup->uri);
        if (!code.ok()) return apiProblem(request, code.error());
        return Response::json(200, {{"setup", std::string(setup->ticket.reveal())},
                                    {"secret", inGroups(setup->base32.reveal())},
                                    {"uri", std::string(setup->uri.reveal())},
                                    {"qr", {{"size", code->size}, {"path", std::string(code->path.reveal())}}},
                                    {"expires_at", timeOrNull(setup->expiresAt)}});
    }

    Response confirm(const Request& request, const Caller& caller) const {
        const std::initializer_list<std::string_view> keys{"setup", "code", "name"};
        auto ticket = fieldOf(request, "setup", keys);
        auto typed = fieldOf(request, "code", keys);
        auto name = fieldOf(request, "name", keys);
        for (const auto* field : {&ticket, &typed, &name}) {
            if (!field->ok()) return invalid(request, field->error());
        }
        const Secret sealed(std::move(*ticket));
        const Secret code(std::move(*typed));
        const auto codes = factors().confirm({caller.person.id, caller.session->id(), sealed, code, *name});
        if (!codes.ok()) return refused(request, codes.error());
        if (auto durable = web::record(context_.hub, web::eventOf("second_factor.enrolled", request, &caller));
            !durable.ok()) {
            return apiProblem(request, durable.error());
        }
        stepUp_.raise(caller);
        return Response::json(200, codesJson(*codes));
    }

    Response renew(const Request& request, const Caller& caller) const {
        return proved(request, caller, [&](const identity::CodeVerdict&) {
            const auto codes = factors().renewRecoveryCodes(caller.person.id);
            if (!codes.ok()) return apiProblem(request, codes.error());
            if (auto durable = web::record(context_.hub, web::eventOf("second_factor.codes_renewed", request, &caller));
                !durable.ok()) {
                return apiProblem(request, durable.error());
            }
            return Response::json(200, codesJson(*codes));
        });
    }

    /// With a code or a recovery code, not with the password: who has only that must not swap the second factor.
    Response remove(const Request& request, const Caller& caller) const {
        return proved(request, caller, [&](const identity::CodeVerdict&) {
            if (auto gone = factors().remove(caller.person.id); !gone.ok()) return apiProblem(request, gone.error());
            if (auto durable = web::record(context_.hub, web::eventOf("second_factor.removed", request, &caller));
                !durable.ok()) {
                return apiProblem(request, durable.error());
            }
            return Response::noContent();
        });
    }

    Response stepUp(const Request& request, const Caller& caller) const {
        return proved(request, caller, [&](const identity::CodeVerdict&) {
            const auto until = caller.session->raisedUntil(context_.hub.clock.wall());
            return Response::json(200, {{"raised_until", timeOrNull(until)}});
        });
    }

    /// The phone is gone, and the recovery codes too. Ends the person's sessions: whoever has the phone may have more.
    Response reset(const Request& request, const Caller& caller) const {
        const auto* person = caller.directory->personByKey(request.params.text("username"));
        if (person == nullptr) return apiProblem(request, 404, "not_found", "没有这个人员", "No such person");
        if (person->id == caller.person.id) {
            return apiProblem(request, 403, "forbidden", "自己的验证器请在“登录安全”中移除",
                              "Remove your own on your security page");
        }
        auto event = web::eventOf("second_factor.reset", request, &caller);
        event.subject = person->usernameKey;
        const auto gone = factors().remove(person->id);
        if (!gone.ok()) {
            return gone.error().code == core::ErrorCode::kNotFound ? notEnrolled(request)
                                                                   : apiProblem(request, gone.error());
        }
        const auto ended =
            context_.hub.sessions.endAll(person->id, {}, identity::SessionTable::EndReason::kEndedByOther);
        if (auto durable = web::record(context_.hub, std::move(event)); !durable.ok()) {
            return apiProblem(request, durable.error());
        }
        return ended.ok() ? Response::noContent() : apiProblem(request, ended.error());
    }

private:
    identity::SecondFactors& factors() const { return context_.hub.secondFactors; }

    static core::Result<std::string> fieldOf(const Request& request, const char* name,
                                             std::initializer_list<std::string_view> keys) {
        YIMEN_TRY(const Json body, request.json());
        const core::JsonReader reader(body);
        YIMEN_TRY_STATUS(reader.onlyKeys(keys));
        return reader.text(name);
    }

    static Response notEnrolled(const Request& request) {
        return apiProblem(request, 409, "not_enrolled", "尚未设置验证器", "No authenticator is set up");
    }

    /// Runs `work` after a code that is right; else says what was wrong with it.
    template <typename Work>
    Response proved(const Request& request, const Caller& caller, Work work) const {
        auto typed = fieldOf(request, "code", {"code"});
        if (!typed.ok()) return invalid(request, typed.error());
        const auto verdict = stepUp_.prove(request, caller, Secret(std::move(*typed)));
        Response response = verdict.result == CodeResult::kOk ? work(verdict) : refused(request, verdict);
        web::StepUp::setCookie(response, verdict.deviceCookie);
        return response;
    }

    static Response refused(const Request& request, const identity::CodeVerdict& verdict) {
        const auto wait = [&](int status, std::string_view code, std::string_view zh, std::string_view en) {
            Response response = apiProblem(request, status, code, zh, en);
            response.headers.set("Retry-After", std::to_string(std::max<std::int64_t>(verdict.retryAfter.count(), 2)));
            return response;
        };
        switch (verdict.result) {
            case CodeResult::kWrong:
                return apiProblem(request, 422, "bad_code", "验证码不对", "The code is not right");
            case CodeResult::kUsed:
                return apiProblem(request, 422, "code_used", "这个验证码已经用过，请等下一个",
                                  "This code was used already; wait for the next one");
            case CodeResult::kNotEnrolled:
                return notEnrolled(request);
            case CodeResult::kLocked:
                return wait(423, "locked", "尝试过多，已暂停", "Too many tries; paused");
            case CodeResult::kThrottled:
                return wait(429, "throttled", "请稍后再试", "Wait a little and try again");
            default:
                return wait(503, "busy", "系统繁忙", "Busy; try again");
        }
    }

    static Response refused(const Request& request, const core::Error& error) {
        switch (error.code) {
            case core::ErrorCode::kConflict:
                return apiProblem(request, 409, "enrolled", "已经设置过验证器", "An authenticator is set up already");
            case core::ErrorCode::kUnauthenticated:
                return apiProblem(request, 422, "bad_code", "验证码不对", "The code is not right");
            case core::ErrorCode::kDenied:
                return apiProblem(request, 422, "setup_expired", "设置已过期，请重新开始",
                                  "The set-up is out of date; begin again");
            case core::ErrorCode::kInvalidInput:
                return invalid(request, error);
            default:
                return apiProblem(request, error);
        }
    }

    const web::WebContext& context_;
    web::SignIn signIn_;
    web::StepUp stepUp_;
};

}  // namespace

core::Status mountSecondFactor(http::Router& router, const web::WebContext& context) {
    const auto api = std::make_shared<SecondFactorApi>(context);
    const auto own = [&](auto method) {
        return context.guard.api([api, method](const Request& r, const Caller& c) { return (*api.*method)(r, c); });
    };
    const http::RouteOptions small{http::RunOn::kIo, context.hub.site.maxFormBytes};
    const http::RouteOptions hashing{http::RunOn::kKdf, context.hub.site.maxFormBytes};
    YIMEN_TRY_STATUS(router.add({"GET", "/api/v1/me/second-factor", own(&SecondFactorApi::get), {}}));
    YIMEN_TRY_STATUS(router.add({"POST", "/api/v1/me/second-factor", own(&SecondFactorApi::confirm), small}));
    YIMEN_TRY_STATUS(router.add({"POST", "/api/v1/me/second-factor/setup", own(&SecondFactorApi::begin), hashing}));
    YIMEN_TRY_STATUS(
        router.add({"POST", "/api/v1/me/second-factor/recovery-codes", own(&SecondFactorApi::renew), small}));
    YIMEN_TRY_STATUS(router.add({"POST", "/api/v1/me/second-factor/remove", own(&SecondFactorApi::remove), small}));
    YIMEN_TRY_STATUS(router.add({"POST", "/api/v1/me/step-up", own(&SecondFactorApi::stepUp), small}));
    return router.add({"DELETE",
                       "/api/v1/admin/people/{username}/second-factor",
                       context.guard.admin({identity::Role::kSecurityAdmin},
                                           [api](const Request& r, const Caller& c) { return api->reset(r, c); }),
                       {}});
}

}  // namespace yimen::admin
