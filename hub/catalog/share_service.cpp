#include "catalog/share_service.h"

#include <algorithm>
#include <array>

#include "core/ascii.h"

namespace yimen::catalog {

namespace {

using core::ErrorCode;
using core::makeError;
using namespace share_state;  // NOLINT(google-build-using-namespace): the words of this file

enum class Who { kOwner, kOwnerOrSecurity, kEither };

/// One way from one state to another.
struct Step {
    std::string_view action;
    std::string_view from;
    std::string_view to;
    Who who;
};
constexpr std::array<Step, 9> kSteps{{{"approve", kRequested, kActive, Who::kOwner},
                                      {"return", kRequested, kReturned, Who::kOwner},
                                      {"refuse", kRequested, kRefused, Who::kOwner},
                                      {"suspend", kActive, kSuspended, Who::kOwnerOrSecurity},
                                      {"resume", kSuspended, kActive, Who::kOwner},
                                      {"end", kActive, kEnded, Who::kEither},
                                      {"end", kSuspended, kEnded, Who::kEither},
                                      {"end", kRequested, kEnded, Who::kEither},
                                      {"end", kReturned, kEnded, Who::kEither}}};

core::Error denied(const std::string& zh, const std::string& en) {
    return makeError(ErrorCode::kDenied, zh + " / " + en);
}

core::Status allowed(const Step& step, const store::ShareRecord& share, const ShareActor& actor) {
    const bool asked = actor.person == share.requester;
    if (step.who != Who::kEither && asked) {
        return denied("申请人不能审批自己的申请",
                      "whoever asks does not decide: another person of the owning unit does");
    }
    switch (step.who) {
        case Who::kOwner:
            if (actor.owner) return {};
            return denied("只有数据提供单位可以审批", "only the unit that answers for the item decides");
        case Who::kOwnerOrSecurity:
            if (actor.owner || actor.security) return {};
            return denied("只有数据提供单位或安全管理员可以暂停",
                          "only the owning unit or a security administrator may");
        case Who::kEither:
            if (actor.owner || asked || actor.consumer) return {};
            return denied("与此共享无关", "you belong to neither side of this share");
    }
    return {};
}

core::Result<Step> stepOf(const std::string& action, const std::string& state) {
    bool known = false;
    for (const Step& step : kSteps) {
        known = known || step.action == action;
        if (step.action == action && step.from == state) return step;
    }
    if (!known) {
        return makeError(ErrorCode::kInvalidInput, "$.action: approve, return, refuse, suspend, resume, end");
    }
    return makeError(ErrorCode::kConflict, "当前状态不允许此操作 / this cannot be done while the share is " + state);
}

}  // namespace

core::Result<ShareTerms> ShareService::check(const ShareDraft& draft) const {
    std::string faults;
    const auto fault = [&](const std::string& what) { faults += (faults.empty() ? "" : "\n") + what; };
    const DataItem* item = parts_.catalog.find(draft.item);
    if (item == nullptr) return makeError(ErrorCode::kNotFound, "目录中没有 / no item '" + draft.item + "'");
    if (item->share == ShareType::kNone) return denied("该数据项不予共享", "this item is not shared with anybody");
    const sync::ItemSpecPtr spec = parts_.spec(draft.item);
    if (spec == nullptr) return makeError(ErrorCode::kConflict, "数据项尚未接入 / the item is not supplied yet");
    if (parts_.owners.of(*item, parts_.units).empty()) {
        return makeError(ErrorCode::kConflict, "没有单位负责此数据项 / no unit answers for provider '" +
                                                   item->provider + "': add it to policies/catalog/owners.yaml");
    }
    if (core::trim(draft.purpose).empty() || draft.purpose.size() > kMaxPurpose) {
        fault("$.purpose: 须说明用途 / say what for, in at most 500 bytes");
    }
    if (draft.legalBasis.size() > kMaxPurpose) fault("$.legal_basis: 过长 / too long");
    if (core::trim(draft.legalBasis).empty() && item->personal != Personal::kNone) {
        fault("$.legal_basis: 涉及个人信息须填依据 / the item holds personal information: name the legal basis");
    }
    if (draft.to <= draft.from || draft.to <= parts_.clock.wall()) fault("$.to: 须晚于起始与现在 / must be later");
    if (draft.to - draft.from > kLongestTerm) fault("$.to: 期限最长三年 / three years at most");
    auto terms = readTerms(draft.terms, spec->table);
    if (!terms.ok()) fault(terms.error().message);
    if (terms.ok() && terms->rows && !parts_.units.exists(terms->rows->unit)) {
        fault("$.terms.rows.unit: 没有此单位 / no such unit '" + terms->rows->unit + "'");
    }
    if (!faults.empty()) return makeError(ErrorCode::kInvalidInput, faults);
    return terms;
}

core::Result<store::ShareRecord> ShareService::request(const ShareDraft& draft, const ShareActor& actor) {
    if (!parts_.units.exists(draft.unit)) {
        return makeError(ErrorCode::kInvalidInput, "$.unit: 没有此单位 / no such unit '" + draft.unit + "'");
    }
    if (!actor.consumer) return denied("只能为本单位申请", "one asks for one's own unit only");
    YIMEN_TRY(const ShareTerms terms, check(draft));
    store::ShareRecord share;
    share.item = draft.item;
    share.unit = draft.unit;
    share.requester = actor.person;
    share.purpose = draft.purpose;
    share.legalBasis = draft.legalBasis;
    share.terms = core::writeJson(termsJson(terms));
    share.state = kRequested;
    share.from = draft.from;
    share.to = draft.to;
    share.createdAt = share.changedAt = parts_.clock.wall();
    return parts_.shares.create(share, {share.createdAt, actor.person, "request", share.state, ""});
}

core::Result<store::ShareRecord> ShareService::revise(store::ShareId id, const ShareDraft& draft,
                                                      const ShareActor& actor) {
    YIMEN_TRY(store::ShareRecord share, find(id));
    if (actor.person != share.requester)
        return denied("只有申请人可以修改", "only whoever asked may change the request");
    if (share.state != kRequested && share.state != kReturned) {
        return makeError(ErrorCode::kConflict, "已审批的不能修改 / what was decided on is not changed: ask anew");
    }
    if (draft.item != share.item || draft.unit != share.unit) {
        return makeError(ErrorCode::kInvalidInput, "数据项与单位不能更改 / item and unit stay: ask anew");
    }
    YIMEN_TRY(const ShareTerms terms, check(draft));
    share.purpose = draft.purpose;
    share.legalBasis = draft.legalBasis;
    share.terms = core::writeJson(termsJson(terms));
    share.state = kRequested;
    share.from = draft.from;
    share.to = draft.to;
    share.changedAt = parts_.clock.wall();
    YIMEN_TRY(share.version, parts_.shares.update(share, {share.changedAt, actor.person, "revise", share.state, ""}));
    return share;
}

core::Result<store::ShareRecord> ShareService::act(store::ShareId id, const std::string& action,
                                                   const std::string& reason, std::int64_t version,
                                                   const ShareActor& actor) {
    YIMEN_TRY(store::ShareRecord share, find(id));
    YIMEN_TRY(const Step step, stepOf(action, share.state));
    YIMEN_TRY_STATUS(allowed(step, share, actor));
    if (version != share.version) {
        return makeError(ErrorCode::kConflict, "已被他人更改，请重新查看 / it was changed meanwhile: look at it again");
    }
    if (reason.size() > kMaxPurpose || (action != "approve" && action != "resume" && core::trim(reason).empty())) {
        return makeError(ErrorCode::kInvalidInput, "$.reason: 须说明原因 / say why, in at most 500 bytes");
    }
    if (action == "approve" && share.to <= parts_.clock.wall()) {
        return makeError(ErrorCode::kConflict, "申请的期限已过 / the term that was asked for is over: return it");
    }
    share.state = step.to;
    share.decidedBy = actor.person;
    share.changedAt = parts_.clock.wall();
    YIMEN_TRY(share.version, parts_.shares.update(share, {share.changedAt, actor.person, action, share.state, reason}));
    return share;
}

core::Result<store::ShareRecord> ShareService::find(store::ShareId id) const {
    YIMEN_TRY(auto found, parts_.shares.get(id));
    if (!found) return makeError(ErrorCode::kNotFound, "没有此共享 / there is no such share");
    return std::move(*found);
}

std::string ShareService::ownerOf(const std::string& item) const {
    const DataItem* known = parts_.catalog.find(item);
    return known == nullptr ? std::string() : parts_.owners.of(*known, parts_.units);
}

}  // namespace yimen::catalog
