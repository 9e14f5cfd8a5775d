#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace yimen::net {

/// A complete answer made by the hub itself. A value.
/// net adds Content-Length, Date and Connection; do not put them, Transfer-Encoding or CR/LF into `fields`
/// (a field that holds CR, LF or NUL, or such a name, is dropped and counted as `reply_field_refused`).
struct Reply {
    int status = 200;
    std::vector<std::pair<std::string, std::string>> fields;
    std::shared_ptr<const std::string> body;  ///< shared so that static files are sent without a copy; null: empty
    bool close = false;                       ///< end the client connection after this answer

    static Reply text(int status, std::string text, std::string contentType = "text/plain; charset=utf-8");
    static Reply empty(int status);
    static Reply redirect(int status, std::string location);
    Reply&& with(std::string name, std::string value) &&;
};

/// "Not Found" for 404, and so on; "Unknown" for what RFC 9110 does not name.
std::string_view reasonPhrase(int status) noexcept;

}  // namespace yimen::net
