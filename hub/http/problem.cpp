#include <array>

#include "http/message.h"

namespace yimen::http {
namespace {

/// How a kind of failure looks on the wire. The codes are those of hub/admin/openapi.yaml.
struct Wire {
    core::ErrorCode code;
    int status;
    const char* word;
    const char* titleZh;
    const char* titleEn;
};

constexpr std::array<Wire, 12> kWires{{
    {core::ErrorCode::kInvalidInput, 400, "invalid_field", "提交的内容有误", "The input is not right"},
    {core::ErrorCode::kUnauthenticated, 401, "no_session", "请先登录", "Please sign in"},
    {core::ErrorCode::kDenied, 403, "forbidden", "没有权限", "Not allowed"},
    {core::ErrorCode::kNotFound, 404, "not_found", "没有找到", "Not found"},
    {core::ErrorCode::kConflict, 409, "invalid_field", "内容已被他人修改", "It has changed meanwhile"},
    {core::ErrorCode::kTooLarge, 413, "too_large", "内容太大", "Too large"},
    {core::ErrorCode::kThrottled, 429, "throttled", "尝试过于频繁", "Too many tries"},
    {core::ErrorCode::kUnavailable, 503, "busy", "暂时不可用", "Not available right now"},
    {core::ErrorCode::kTimeout, 504, "unreachable", "等待超时", "It took too long"},
    {core::ErrorCode::kUpstream, 502, "unreachable", "业务系统没有正常应答", "The system did not answer properly"},
    {core::ErrorCode::kCorrupt, 500, "internal", "服务出现问题", "Something went wrong"},
    {core::ErrorCode::kInternal, 500, "internal", "服务出现问题", "Something went wrong"},
}};

const Wire& wireOf(core::ErrorCode code) {
    for (const Wire& wire : kWires) {
        if (wire.code == code) return wire;
    }
    return kWires.back();
}

}  // namespace

Problem problemOf(const core::Error& error, std::string_view traceId, bool chinese) {
    const Wire& wire = wireOf(error.code);
    Problem problem;
    problem.status = wire.status;
    problem.code = wire.word;
    problem.title = chinese ? wire.titleZh : wire.titleEn;
    // The words of our own failures say nothing to a person and may say too much to another.
    if (wire.status != 500) problem.detail = error.message;
    problem.traceId = traceId;
    return problem;
}

Response Response::notFound(std::string_view traceId) {
    Problem problem;
    problem.status = 404;
    problem.code = "not_found";
    problem.title = "没有找到 / Not found";
    problem.detail = "请检查地址 / Check the address";
    problem.traceId = traceId;
    return Response::problem(problem);
}

}  // namespace yimen::http
