#include "http/curl_exchange.h"

#include <algorithm>

#include "core/ascii.h"

namespace yimen::http {

using core::ErrorCode;
using core::makeError;

namespace {

/// The lines of a request head; libcurl copies each.
class FieldList {
public:
    FieldList() = default;
    FieldList(const FieldList&) = delete;
    FieldList& operator=(const FieldList&) = delete;
    ~FieldList() { curl_slist_free_all(list_); }
    void add(const std::string& line) {
        if (auto* longer = curl_slist_append(list_, line.c_str())) list_ = longer;
    }
    curl_slist* get() const noexcept { return list_; }

private:
    curl_slist* list_ = nullptr;
};

/// What the callbacks of one exchange fill.
struct Incoming {
    const ClientLimits* limits = nullptr;
    ClientResponse response;
    std::size_t headBytes = 0;
    bool headTooLong = false;
    bool bodyTooLong = false;
};

std::size_t onHeader(char* data, std::size_t size, std::size_t count, void* user) {
    auto& in = *static_cast<Incoming*>(user);
    const std::size_t bytes = size * count;
    in.headBytes += bytes;
    if (in.headBytes > in.limits->maxHeadBytes) {
        in.headTooLong = true;
        return 0;
    }
    std::string_view line(data, bytes);
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
    if (line.starts_with("HTTP/")) {
        in.response.fields.clear();  // an interim answer (1xx) came before
        return bytes;
    }
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return bytes;
    in.response.fields.push_back({std::string(line.substr(0, colon)), std::string(core::trim(line.substr(colon + 1)))});
    return bytes;
}

std::size_t onBody(char* data, std::size_t size, std::size_t count, void* user) {
    auto& in = *static_cast<Incoming*>(user);
    const std::size_t bytes = size * count;
    if (in.response.body.size() + bytes > in.limits->maxBodyBytes) {
        in.bodyTooLong = true;
        return 0;
    }
    in.response.body.append(data, bytes);
    return bytes;
}

/// libcurl's question whether to go on: anything but 0 ends the exchange.
int onProgress(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<const std::atomic<bool>*>(user)->load(std::memory_order_relaxed) ? 1 : 0;
}

bool isToken(std::string_view name) {
    constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
    return !name.empty() && std::all_of(name.begin(), name.end(), [&](char c) {
        return core::isAlpha(c) || core::isDigit(c) || kMarks.find(c) != std::string_view::npos;
    });
}

void setRequest(CURL* handle, const ClientRequest& request, FieldList& lines) {
    for (const auto& field : request.fields) {
        lines.add(field.value.empty() ? field.name + ";" : field.name + ": " + field.value);
    }
    lines.add("Expect:");
    const bool hasType = std::any_of(request.fields.begin(), request.fields.end(), [](const ClientField& field) {
        return core::equalIgnoreCase(field.name, "content-type");
    });
    if (!hasType) lines.add("Content-Type:");
    curl_easy_setopt(handle, CURLOPT_URL, request.url.text().c_str());
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, lines.get());
    if (request.method == "HEAD") {
        curl_easy_setopt(handle, CURLOPT_NOBODY, 1L);
    } else if (request.method != "GET" || !request.body.empty()) {
        curl_easy_setopt(handle, CURLOPT_POSTFIELDS, request.body.data());
        curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
        curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    }
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, request.limits.connectTimeout.count());
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, request.limits.totalTimeout.count());
}

core::Error explain(CURLcode code, const Incoming& in, bool connected) {
    if (in.headTooLong) return makeError(ErrorCode::kTooLarge, "limit maxHeadBytes passed by an answer");
    if (in.bodyTooLong) return makeError(ErrorCode::kTooLarge, "limit maxBodyBytes passed by an answer");
    const char* detail = curl_easy_strerror(code);
    switch (code) {
        case CURLE_OPERATION_TIMEDOUT:
            if (!connected) return makeError(ErrorCode::kUnavailable, "no connection to the system in time", detail);
            return makeError(ErrorCode::kTimeout, "the system did not answer in time", detail);
        case CURLE_ABORTED_BY_CALLBACK:
            return makeError(ErrorCode::kUnavailable, "已取消 / cancelled while the system was asked", detail);
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
        case CURLE_SSL_CACERT_BADFILE:
            return makeError(ErrorCode::kUnavailable, "the system's certificate is not to be trusted", detail);
        case CURLE_UNSUPPORTED_PROTOCOL:
        case CURLE_WEIRD_SERVER_REPLY:
        case CURLE_PARTIAL_FILE:
        case CURLE_RECV_ERROR:
        case CURLE_SEND_ERROR:
        case CURLE_GOT_NOTHING:
            return makeError(ErrorCode::kUpstream, "the system broke off its answer", detail);
        default:
            return makeError(ErrorCode::kUnavailable, "no connection to the system", detail);
    }
}

}  // namespace

void startCurl() {
    static const CURLcode kStarted = curl_global_init(CURL_GLOBAL_DEFAULT);
    YIMEN_CHECK(kStarted == CURLE_OK);
}

core::Status checkRequest(const ClientConfig& config, const ClientRequest& request) {
    const bool allowed = std::any_of(config.origins.begin(), config.origins.end(),
                                     [&](const core::Url& origin) { return origin.sameOrigin(request.url); });
    if (!allowed) return makeError(ErrorCode::kDenied, "address is not an origin of this system", request.url.origin());
    if (!isToken(request.method)) return makeError(ErrorCode::kInvalidInput, "method is not a token");
    for (const auto& field : request.fields) {
        const bool clean = field.value.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos;
        if (!isToken(field.name) || !clean) {
            return makeError(ErrorCode::kInvalidInput, "field cannot be sent: " + field.name.substr(0, 64));
        }
    }
    const std::string target = request.url.target();
    const bool printable = std::all_of(target.begin(), target.end(), [](char c) { return c > 0x20 && c < 0x7f; });
    return printable ? core::Status()
                     : makeError(ErrorCode::kInvalidInput, "address holds characters that must be encoded");
}

void setStop(CURL* handle, const StopFlag& stop) {
    if (!stop) return;
    curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, onProgress);
    curl_easy_setopt(handle, CURLOPT_XFERINFODATA, stop.get());
}

void setPolicy(CURL* handle, const ClientConfig& config) {
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(handle, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    curl_easy_setopt(handle, CURLOPT_PROXY, "");
    curl_easy_setopt(handle, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(handle, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!config.caFile.empty()) {
        curl_easy_setopt(handle, CURLOPT_CAINFO, config.caFile.c_str());
        curl_easy_setopt(handle, CURLOPT_CAPATH, nullptr);
    }
    setStop(handle, config.stop);
    if (!config.pinnedKey.empty()) curl_easy_setopt(handle, CURLOPT_PINNEDPUBLICKEY, config.pinnedKey.c_str());
}

core::Result<ClientResponse> perform(CURL* handle, const ClientRequest& request, const core::Clock& clock) {
    FieldList lines;
    Incoming in;
    in.limits = &request.limits;
    setRequest(handle, request, lines);
    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, onHeader);
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, &in);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, onBody);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, &in);
    const auto begin = clock.mono();
    const CURLcode code = curl_easy_perform(handle);
    in.response.elapsed = std::chrono::duration_cast<std::chrono::microseconds>(clock.mono() - begin);
    long status = 0;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    in.response.status = static_cast<int>(status);
    curl_off_t connectedUs = 0;  // 0: the connection, with TLS, was never ready for a request
    curl_easy_getinfo(handle, CURLINFO_PRETRANSFER_TIME_T, &connectedUs);
    if (code != CURLE_OK) return explain(code, in, connectedUs != 0);
    return std::move(in.response);
}

}  // namespace yimen::http
