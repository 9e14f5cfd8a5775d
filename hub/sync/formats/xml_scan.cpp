#include "sync/formats/xml_scan.h"

#include <expat.h>

#include <algorithm>
#include <limits>
#include <optional>

#include "sync/formats/record_reader.h"

namespace yimen::sync {

namespace {

std::string_view localName(const char* name) noexcept {
    const std::string_view full(name);
    const auto colon = full.rfind(':');
    return colon == std::string_view::npos ? full : full.substr(colon + 1);
}

}  // namespace

struct XmlScan::Inner {
    Inner(XmlVisitor& target, std::string name, const XmlLimits& bounds)
        : visitor(target), document(std::move(name)), limits(bounds), parser(XML_ParserCreate("UTF-8")) {
        XML_SetUserData(parser, this);
        XML_SetElementHandler(parser, &Inner::onOpen, &Inner::onClose);
        XML_SetCharacterDataHandler(parser, &Inner::onText);
        XML_SetStartDoctypeDeclHandler(parser, &Inner::onDoctype);
    }
    ~Inner() { XML_ParserFree(parser); }
    Inner(const Inner&) = delete;
    Inner& operator=(const Inner&) = delete;

    void stop(std::string reason) {
        if (why.empty()) why = std::move(reason);
        XML_StopParser(parser, XML_FALSE);
    }

    static void onOpen(void* user, const char* name, const char** pairs) {
        auto& self = *static_cast<Inner*>(user);
        self.flush();
        if (++self.depth > self.limits.maxDepth) return self.stop("elements are nested deeper than max_depth");
        self.attributes.clear();
        for (; *pairs != nullptr; pairs += 2) {
            if (std::string_view(*pairs).starts_with("xmlns")) continue;
            self.attributes.emplace_back(localName(pairs[0]), pairs[1]);
        }
        if (self.attributes.size() > self.limits.maxAttributes) return self.stop("an element has too many attributes");
        self.visitor.open(localName(name), self.attributes);
    }
    static void onClose(void* user, const char* name) {
        auto& self = *static_cast<Inner*>(user);
        self.flush();
        --self.depth;
        if (self.why.empty()) self.visitor.close(localName(name));
    }
    static void onText(void* user, const char* text, int length) {
        auto& self = *static_cast<Inner*>(user);
        self.pending.append(text, static_cast<std::size_t>(length));
        if (self.pending.size() > self.limits.maxText) self.stop("a text is longer than max_text");
    }
    static void onDoctype(void* user, const char*, const char*, const char*, int) {
        static_cast<Inner*>(user)->stop(
            "it has a document type declaration, which may name entities and files: refused");
    }
    void flush() {
        if (!pending.empty() && why.empty()) visitor.text(pending);
        pending.clear();
    }

    XmlVisitor& visitor;
    std::string document;
    XmlLimits limits;
    XML_Parser parser;
    std::string why;
    std::string pending;
    std::size_t depth = 0;
    XmlVisitor::Attributes attributes;
};

XmlScan::XmlScan(XmlVisitor& visitor, std::string document, const XmlLimits& limits)
    : inner_(std::make_unique<Inner>(visitor, std::move(document), limits)) {}
XmlScan::~XmlScan() = default;

core::Status XmlScan::feed(std::string_view piece, bool last) {
    constexpr std::size_t kStep = std::size_t{1} << 20U;  // expat counts in int
    do {
        const std::string_view part = piece.substr(0, kStep);
        piece.remove_prefix(part.size());
        const auto status =
            XML_Parse(inner_->parser, part.data(), static_cast<int>(part.size()), last && piece.empty() ? 1 : 0);
        if (status != XML_STATUS_ERROR) continue;
        const std::string what = inner_->why.empty() ? std::string("not well-formed XML (") +
                                                           XML_ErrorString(XML_GetErrorCode(inner_->parser)) +
                                                           "): the document is cut off or of another kind"
                                                     : inner_->why;
        return documentError(inner_->document, line(), what);
    } while (!piece.empty());
    return {};
}

std::uint64_t XmlScan::line() const noexcept {
    return XML_GetCurrentLineNumber(inner_->parser);
}

void XmlScan::fail(std::string why) {
    inner_->stop(std::move(why));
}

namespace {

/// Follows one path down.
class PathFinder final : public XmlVisitor {
public:
    explicit PathFinder(std::string_view path) {
        if (path.starts_with('/')) path.remove_prefix(1);
        while (!path.empty()) {
            const auto slash = path.find('/');
            names_.emplace_back(path.substr(0, slash));
            path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
        }
        if (!names_.empty() && names_.back().starts_with('@')) {
            attribute_ = names_.back().substr(1);
            names_.pop_back();
        }
    }
    void open(std::string_view name, const Attributes& attributes) override {
        const bool next = !found && depth_ == matched_ && matched_ < names_.size() && names_[matched_] == name;
        ++depth_;
        if (!next || ++matched_ < names_.size()) return;
        if (attribute_.empty()) {
            found.emplace();
            inside_ = true;
            return;
        }
        for (const auto& [key, value] : attributes) {
            if (key == attribute_) found = std::string(value);
        }
    }
    void close(std::string_view) override {
        --depth_;
        if (matched_ > depth_) {
            matched_ = depth_;
            inside_ = false;
        }
    }
    void text(std::string_view text) override {
        if (inside_) *found += text;
    }
    std::optional<std::string> found;

private:
    std::vector<std::string> names_;
    std::string attribute_;
    std::size_t depth_ = 0;
    std::size_t matched_ = 0;
    bool inside_ = false;
};

}  // namespace

core::Result<std::optional<std::string>> xmlTextAt(std::string_view xml, std::string_view path,
                                                   const std::string& document) {
    PathFinder finder(path);
    XmlScan scan(finder, document);
    YIMEN_TRY_STATUS(scan.feed(xml, true));
    return std::move(finder.found);
}

}  // namespace yimen::sync
