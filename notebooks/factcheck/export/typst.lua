-- What pandoc's Typst writer does not do: roles, alt texts, languages of runs, tables that fit, code that wraps.
local here = pandoc.path.directory(PANDOC_SCRIPT_FILE)
package.path = pandoc.path.join({ here, "?.lua" }) .. ";" .. package.path
local runs = require("runs")
local colours = require("colours")
local tables = require("tables")

local ROLES = { front = 1, tiles = 1, summary = 1, claim = 1, verdict = 1, chart = 1, figure = 1, evidence = 1,
  note = 1, card = 1, annex = 1, ["chart-title"] = 1, ["chart-source"] = 1 }
local formulas = 0

local function inline(text) return pandoc.RawInline("typst", text) end
local function block(text) return pandoc.RawBlock("typst", text) end
local function quoted(text) return '"' .. text:gsub('[\\"]', "\\%0"):gsub("\n", "\\n"):gsub("[\r\t]", " ") .. '"' end
local function wrapped(name, blocks)
  local out = pandoc.Blocks({ block("#" .. name .. "[") })
  out:extend(blocks)
  out:insert(block("]"))
  return out
end

-- Typst's own mathematics as a string, so that one formula that it does not know spoils no other.
local function Math(el)
  local body = pandoc.write(pandoc.Pandoc({ pandoc.Plain({ el }) }), "typst", { wrap_text = "wrap-none" }):gsub("%s+$", "")
  formulas = formulas + 1
  local display = el.mathtype == "DisplayMath"
  local math = body:match("^%$%s?(.-)%s?%$$")
  local tex = el.text:gsub("%s+", " ")
  if not math then return inline(string.format("#tex(%s, %s)", tostring(display), quoted(tex))) end
  return inline(string.format("#formula(%d, %s, %s, %s)", formulas, tostring(display), quoted(tex), quoted(math)))
end

local function Image(el)
  local width = (el.attributes.width or ""):gsub("px$", "")
  if width ~= "" and not width:find("%%$") then width = tonumber(width) and width * 0.75 .. "pt" or "" end
  local alt = pandoc.utils.stringify(el.caption)
  return inline(string.format("#picture(%s, alt: %s%s)", quoted(el.src), quoted(alt), width ~= "" and ", width: " .. width or ""))
end

-- A picture between words stands in the line, one by itself is a block.
local function Para(el)
  local words
  for _, part in ipairs(el.content) do words = words or not (part.t == "Image" or part.t == "Space" or part.t == "SoftBreak" or part.t == "LineBreak") end
  if not words then return nil end
  return el:walk({ Image = function(image) return { inline("#box["), image, inline("]") } end })
end

local function CodeBlock(el)
  return block(string.format("#code-block(%s, %s)", quoted(el.text:gsub("\t", "    ")), quoted(el.classes[1] or "")))
end

local function Span(el)
  local lang, id = el.attributes.lang, el.identifier
  local out = pandoc.Inlines(el.content)
  if lang then out = pandoc.Inlines({ inline('#text(lang: "' .. lang .. '", region: none)[') }) .. out .. { inline("]") } end
  local style = el.attributes.style or ""
  if style:find("font%-weight: bold") or style:find("font%-weight: [6-9]00") then out = pandoc.Inlines({ pandoc.Strong(out) }) end
  if style:find("font%-style: italic") then out = pandoc.Inlines({ pandoc.Emph(out) }) end
  local colour = colours.of(style, "color")
  if colour then out = pandoc.Inlines({ inline("#text(fill: " .. colour .. ")[") }) .. out .. { inline("]") } end
  if id ~= "" then out:insert(1, inline("#anchor(" .. quoted(id) .. ")")) end
  return out
end

-- Typst takes three dots, or a hyphen and a question mark, for signs of its own.
local function Str(el)
  if not (el.text:find("...", 1, true) or el.text:find("-?", 1, true)) then return nil end
  return inline("#" .. quoted(el.text) .. ";")
end

local function Link(el)
  if el.target:sub(1, 1) ~= "#" then return nil end
  return pandoc.Inlines({ inline("#goto(" .. quoted(el.target:sub(2)) .. ")[") }) .. el.content .. { inline("]") }
end

-- Tiles are given to Typst one by one: group, then what stands on it.
local function tiles(div)
  local groups, n = {}, 0
  for group in div.attributes.groups:gmatch("%S+") do groups[#groups + 1] = group end
  return div.content:walk({ BulletList = function(list)
    local out = pandoc.Blocks({ block("#tiles(") })
    for _, item in ipairs(list.content) do
      n = n + 1
      out:insert(block("tile(" .. quoted(groups[n] or "open") .. ")["))
      out:extend(item)
      out:insert(block("],"))
    end
    out:insert(block(")"))
    return out
  end })
end

local function Div(div)
  local role, a = div.classes[1], div.attributes
  local blocks = pandoc.Blocks(div.content)
  if role == "tiles" and a.groups then blocks = tiles(div) end
  if a.tag == "summary" then blocks = pandoc.Blocks({ pandoc.Para({ pandoc.Strong(pandoc.utils.blocks_to_inlines(blocks)) }) }) end
  if div.identifier ~= "" then blocks:insert(1, pandoc.Plain({ inline("#anchor(" .. quoted(div.identifier) .. ")") })) end
  if ROLES[role] and role ~= "tiles" then blocks = wrapped("role-" .. role, blocks) end
  if role == "input" or role == "output" or role == "error" then blocks = wrapped("role-" .. role, blocks) end
  if role == "alert" then blocks = wrapped("role-alert", blocks) end
  if a.lang then blocks = wrapped("text(lang: " .. quoted(a.lang) .. (a.dir == "rtl" and ", dir: rtl" or "") .. ")", blocks) end
  return blocks
end

-- The parts are told apart by a line each, so that one that cannot be typeset is found.
local function marked_parts(doc)
  local out = pandoc.Blocks({})
  local annex = false
  for _, div in ipairs(doc.blocks) do
    out:insert(block("// §part " .. (div.attributes.place or "")))
    annex = annex or div.classes[1] == "annex"
    out:extend(annex and div.classes[1] ~= "annex" and wrapped("in-annex", Div(div)) or Div(div))
  end
  doc.blocks = out
  return doc
end

local function Pandoc(doc)
  local lang = pandoc.utils.stringify(doc.meta.lang)
  local function span(run, other) return pandoc.Span(run, pandoc.Attr("", {}, { { "lang", other } })) end
  for i, part in ipairs(doc.blocks) do
    part = runs.marked(part, lang, span)
    doc.blocks[i] = part.attributes.dots and part:walk({ Str = Str }) or part
  end
  doc = doc:walk({ Table = tables.fitted })
  doc = doc:walk({ Para = Para, Link = Link, Math = Math, CodeBlock = CodeBlock })
  doc = doc:walk({ Image = Image, Span = Span })
  for i, top in ipairs(doc.blocks) do top.content = top.content:walk({ Div = Div }) end
  return marked_parts(doc)
end

return { { Pandoc = Pandoc } }
