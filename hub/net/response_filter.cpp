#include "net/response_filter.h"

#include "net/exchange.h"

namespace yimen::net {

std::string_view toString(UpstreamError error) noexcept {
    switch (error) {
        case UpstreamError::kNone:
            return "none";
        case UpstreamError::kUnavailable:
            return "unavailable";
        case UpstreamError::kQueueFull:
            return "queue_full";
        case UpstreamError::kConnectTimeout:
            return "connect_timeout";
        case UpstreamError::kConnect:
            return "connect";
        case UpstreamError::kTls:
            return "tls";
        case UpstreamError::kReset:
            return "reset";
        case UpstreamError::kReadTimeout:
            return "read_timeout";
        case UpstreamError::kTotalTimeout:
            return "total_timeout";
        case UpstreamError::kBadResponse:
            return "bad_response";
    }
    return "unknown";
}

int statusFor(UpstreamError error) noexcept {
    switch (error) {
        case UpstreamError::kUnavailable:
        case UpstreamError::kQueueFull:
            return 503;
        case UpstreamError::kConnectTimeout:
        case UpstreamError::kReadTimeout:
        case UpstreamError::kTotalTimeout:
            return 504;
        default:
            return 502;
    }
}

FilterDecision ResponseFilter::onBodyPrefix(Exchange&, const ResponseHead& head, std::string_view, bool,
                                            std::string& out) {
    appendHead(head, out);
    return FilterDecision::send();
}

void ResponseFilter::onUpstreamError(Exchange& exchange, UpstreamError error) {
    const int status = statusFor(error);
    Reply reply = Reply::text(status, std::string(reasonPhrase(status)) + "\n");
    if (status == 503) reply.fields.emplace_back("Retry-After", "1");
    exchange.reply(std::move(reply));
}

void appendHead(const ResponseHead& head, std::string& out) {
    const char digits[4] = {static_cast<char>('0' + head.status / 100), static_cast<char>('0' + head.status / 10 % 10),
                            static_cast<char>('0' + head.status % 10), ' '};
    out.append("HTTP/1.1 ").append(digits, sizeof digits).append(head.reason).append("\r\n");
    for (const Field& field : head.fields) {
        if (field.hop) continue;
        out.append(field.name).append(": ").append(field.value).append("\r\n");
    }
}

}  // namespace yimen::net
