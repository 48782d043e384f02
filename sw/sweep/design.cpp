#include "sw/sweep/design.h"

#include <algorithm>
#include <cmath>

#include "models/sim/error.h"
#include "sw/app/digest.h"
#include "sw/scenario/config_names.h"
#include "sw/scenario/config_quantity.h"

namespace vctoe::sweep {

namespace {

using config::ValueError;
using sim::ParamField;

/// Gives a parameter its value back when it goes.
class Kept {
 public:
  explicit Kept(const ParamField& field) : field_(field), text_(plain_text(field)) {}
  ~Kept() { set_plain(field_, text_); }
  Kept(const Kept&) = delete;
  Kept& operator=(const Kept&) = delete;

 private:
  const ParamField& field_;
  std::string text_;
};

struct BaseUnits {
  long double operator()(sim::Time* t) const { return static_cast<long double>(t->ps); }
  long double operator()(sim::Bytes* b) const { return static_cast<long double>(b->n); }
  long double operator()(sim::BitRate* r) const { return r->bps; }
  long double operator()(double* d) const { return *d; }
  long double operator()(std::uint64_t* n) const { return static_cast<long double>(*n); }
  long double operator()(bool* b) const { return *b ? 1 : 0; }
  long double operator()(std::string* /*text*/) const { return 0; }
  long double operator()(const sim::EnumRef& e) const { return static_cast<long double>(e.get()); }
};

struct SetBaseUnits {
  long double v;
  std::uint64_t whole() const { return v <= 0 ? 0 : static_cast<std::uint64_t>(std::roundl(v)); }
  void operator()(sim::Time* t) const { t->ps = whole(); }
  void operator()(sim::Bytes* b) const { b->n = whole(); }
  void operator()(sim::BitRate* r) const { r->bps = static_cast<double>(v); }
  void operator()(double* d) const { *d = static_cast<double>(v); }
  void operator()(std::uint64_t* n) const { *n = whole(); }
  template <class T>
  void operator()(const T& /*not a number*/) const {
    sim::model_error("a name has no number");
  }
};

}  // namespace

std::string plain_text(const ParamField& field) {
  if (auto* const* text = std::get_if<std::string*>(&field.ref)) return **text;
  std::string value = config::toml_value(field);
  if (value.front() == '"') value = value.substr(1, value.size() - 2);
  return value;
}

std::optional<ValueError> set_plain(const ParamField& field, const std::string& text) {
  if (auto* const* target = std::get_if<std::string*>(&field.ref)) {
    **target = text;
    return std::nullopt;
  }
  return config::assign(field, config::value_of_text(field, text));
}

bool is_number(const ParamField& field) {
  return !unit_of(field).empty();
}

double number_of(const ParamField& field) {
  if (auto* const* time = std::get_if<sim::Time*>(&field.ref)) {
    return static_cast<double>((*time)->ps) / 1e12;  // a product would miss the nearest double
  }
  return static_cast<double>(std::visit(BaseUnits{}, field.ref));
}

std::string unit_of(const ParamField& field) {
  if (std::holds_alternative<sim::Time*>(field.ref)) return "s";
  if (std::holds_alternative<sim::Bytes*>(field.ref)) return "B";
  if (std::holds_alternative<sim::BitRate*>(field.ref)) return "bit/s";
  const bool plain = std::holds_alternative<double*>(field.ref) ||
                     std::holds_alternative<std::uint64_t*>(field.ref);
  return plain ? "1" : "";
}

Design::Design(const sim::ParamList& list, std::vector<std::string> schemes, FullName full_name)
    : list_(&list), schemes_(std::move(schemes)), full_name_(std::move(full_name)) {
  for (const ParamField& f : list.fields()) fields_.emplace(f.path, &f);
}

const ParamField* Design::find(const std::string& path) const {
  const auto it = fields_.find(path);
  return it == fields_.end() ? nullptr : it->second;
}

std::string Design::hint(const std::string& path) const {
  std::vector<std::string> all, namesakes;
  const std::string leaf = path.substr(path.rfind('.') + 1);
  for (const auto& [known, field] : fields_) {
    all.push_back(known);
    if (known.substr(known.rfind('.') + 1) == leaf) namesakes.push_back(known);
  }
  const std::string near = config::nearest(path, all);
  if (!near.empty()) return "did you mean " + near + "?";
  return namesakes.empty() ? "" : "\"" + leaf + "\" exists as " + namesakes.front();
}

std::optional<ValueError> Design::scheme(const config::Value& value, std::string& text) const {
  const auto* name = std::get_if<std::string>(&value);
  if (name == nullptr) return ValueError{"a scheme is named in quotes", ""};
  if (std::find(schemes_.begin(), schemes_.end(), *name) == schemes_.end()) {
    const std::string near = config::nearest(*name, schemes_);
    std::string hint = near.empty() ? "legal: " : "did you mean \"" + near + "\"? legal: ";
    for (const auto& s : schemes_) hint += (&s == &schemes_.front() ? "" : ", ") + s;
    return ValueError{"unknown scheme \"" + *name + "\"", hint};
  }
  text = full_name_(*name);
  return std::nullopt;
}

std::optional<ValueError> Design::canonical(const ParamField& field, const config::Value& value,
                                            std::string& text, bool any_size) const {
  if (field.path == "schemes") return scheme(value, text);
  const Kept kept(field);
  ParamField wanted = field;
  if (any_size) wanted.range = {0, sim::Range{}.max};
  if (auto error = config::assign(wanted, value)) return error;
  text = plain_text(field);
  return std::nullopt;
}

double Design::number(const ParamField& field, const std::string& text) const {
  const Kept kept(field);
  ParamField wanted = field;
  wanted.range = {0, sim::Range{}.max};
  set_plain(wanted, text);
  return number_of(field);
}

std::string Design::text_of(const ParamField& field, long double base_units) const {
  const Kept kept(field);
  std::visit(SetBaseUnits{base_units}, field.ref);
  return plain_text(field);
}

long double Design::base_units(const ParamField& field, const std::string& text) const {
  const Kept kept(field);
  ParamField wanted = field;
  wanted.range = {0, sim::Range{}.max};
  set_plain(wanted, text);
  return std::visit(BaseUnits{}, field.ref);
}

std::vector<std::string> Design::save() const {
  std::vector<std::string> texts;
  for (const ParamField& f : list_->fields()) texts.push_back(plain_text(f));
  return texts;
}

void Design::restore(const std::vector<std::string>& texts) const {
  sim::ensure(texts.size() == list_->fields().size(), "sweep: values of another list");
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (set_plain(list_->fields()[i], texts[i])) {
      sim::model_error("sweep: " + list_->fields()[i].path + " = " + texts[i] + " does not fit");
    }
  }
}

std::string sha256(const std::string& text) {
  app::Digest digest;
  digest.add(text.data(), text.size());
  return digest.hex();
}

}  // namespace vctoe::sweep
