#include "net/reply.h"

namespace yimen::net {

Reply Reply::text(int status, std::string text, std::string contentType) {
    Reply reply;
    reply.status = status;
    reply.fields.emplace_back("Content-Type", std::move(contentType));
    reply.body = std::make_shared<const std::string>(std::move(text));
    return reply;
}

Reply Reply::empty(int status) {
    Reply reply;
    reply.status = status;
    return reply;
}

Reply Reply::redirect(int status, std::string location) {
    Reply reply;
    reply.status = status;
    reply.fields.emplace_back("Location", std::move(location));
    return reply;
}

Reply&& Reply::with(std::string name, std::string value) && {
    fields.emplace_back(std::move(name), std::move(value));
    return std::move(*this);
}

std::string_view reasonPhrase(int status) noexcept {
    struct Named {
        int status;
        std::string_view phrase;
    };
    static constexpr Named kNamed[] = {{200, "OK"},
                                       {201, "Created"},
                                       {202, "Accepted"},
                                       {204, "No Content"},
                                       {206, "Partial Content"},
                                       {301, "Moved Permanently"},
                                       {302, "Found"},
                                       {303, "See Other"},
                                       {304, "Not Modified"},
                                       {307, "Temporary Redirect"},
                                       {308, "Permanent Redirect"},
                                       {400, "Bad Request"},
                                       {401, "Unauthorized"},
                                       {403, "Forbidden"},
                                       {404, "Not Found"},
                                       {405, "Method Not Allowed"},
                                       {406, "Not Acceptable"},
                                       {408, "Request Timeout"},
                                       {409, "Conflict"},
                                       {410, "Gone"},
                                       {411, "Length Required"},
                                       {412, "Precondition Failed"},
                                       {413, "Content Too Large"},
                                       {414, "URI Too Long"},
                                       {415, "Unsupported Media Type"},
                                       {416, "Range Not Satisfiable"},
                                       {417, "Expectation Failed"},
                                       {421, "Misdirected Request"},
                                       {422, "Unprocessable Content"},
                                       {429, "Too Many Requests"},
                                       {431, "Request Header Fields Too Large"},
                                       {500, "Internal Server Error"},
                                       {501, "Not Implemented"},
                                       {502, "Bad Gateway"},
                                       {503, "Service Unavailable"},
                                       {504, "Gateway Timeout"},
                                       {505, "HTTP Version Not Supported"}};
    for (const Named& named : kNamed) {
        if (named.status == status) return named.phrase;
    }
    return "Unknown";
}

}  // namespace yimen::net
