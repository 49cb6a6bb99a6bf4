/** Checks a lab file against schemas/lab.json. Made by src/build/lab-schema.mjs: change that or the schema instead. */
// @ts-nocheck
export const validate = validate20;
const schema31 = { $schema: "https://json-schema.org/draft/2020-12/schema", $id: "tsip:schema/lab.json", type: "object", additionalProperties: !1, required: ["nodes"], properties: { $schema: { type: "string" }, lab: { type: "string", pattern: "^[a-z][a-z0-9-]*$", maxLength: 40 }, vars: { type: "object", propertyNames: { pattern: "^[A-Za-z_][A-Za-z0-9_]*$" }, additionalProperties: { type: ["string", "number", "boolean"] } }, include: { type: ["string", "array"], minLength: 1, items: { type: "string", minLength: 1 } }, hosts: { type: "boolean" }, templates: { type: "object", propertyNames: { pattern: "^[A-Za-z_][A-Za-z0-9_-]*$" }, additionalProperties: { $ref: "#/$defs/node" } }, networks: { type: "object", propertyNames: { pattern: "^[a-z][a-z0-9-]*$", maxLength: 15 }, additionalProperties: { $ref: "#/$defs/network" } }, nodes: { type: "object", propertyNames: { pattern: "^[a-z][a-z0-9-]*$", maxLength: 40 }, additionalProperties: { $ref: "#/$defs/node" } }, external: { type: "object", propertyNames: { pattern: "^[a-z][a-z0-9-]*$", maxLength: 40 }, additionalProperties: { $ref: "#/$defs/external" } }, links: { type: "array", items: { $ref: "#/$defs/cable" } }, checks: { type: "array", items: { $ref: "#/$defs/check" } } }, $defs: { texts: { type: ["string", "array"], minLength: 1, items: { type: "string", minLength: 1 } }, words: { type: "array", items: { type: "string", minLength: 1 } }, command: { type: ["string", "array"], minLength: 1, minItems: 1, items: { type: "string" } }, duration: { type: ["string", "number"], minimum: 0, pattern: "^([0-9]+(\\.[0-9]+)?(us|ms|s|m)|\\$\\{.*\\})$" }, share: { type: "string", pattern: "^([0-9]+(\\.[0-9]+)?%|\\$\\{.*\\})$" }, rate: { type: "string", pattern: "^([0-9]+(\\.[0-9]+)?(bit|kbit|mbit|gbit)|\\$\\{.*\\})$" }, mtu: { type: ["integer", "string"], minimum: 68, maximum: 65535, pattern: "^\\$\\{.*\\}$" }, mac: { type: "string", pattern: "^(([0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}|\\$\\{.*\\})$" }, node: { type: ["object", "null"], additionalProperties: !1, properties: { template: { type: "string" }, count: { type: ["integer", "string"], minimum: 0, maximum: 1e4, pattern: "^\\$\\{.*\\}$" }, start: { type: "integer", minimum: 0 }, forward: { type: "boolean" }, sysctls: { type: "object", propertyNames: { pattern: "^net[./][A-Za-z0-9_./-]+$" }, additionalProperties: { type: ["string", "number"] } }, devices: { type: "object", propertyNames: { pattern: "^[^\\s/:%]+$", maxLength: 15 }, additionalProperties: { $ref: "#/$defs/device" } }, routes: { $ref: "#/$defs/words" }, rules: { $ref: "#/$defs/words" }, neighbours: { $ref: "#/$defs/words" }, nat: { $ref: "#/$defs/nats" }, internet: { type: "boolean" }, hosts: { type: "object", additionalProperties: { type: "string", minLength: 1 } }, setup: { type: "array", items: { $ref: "#/$defs/command" } }, run: { type: "object", propertyNames: { pattern: "^[A-Za-z0-9_.-]+$" }, additionalProperties: { $ref: "#/$defs/service" } } } }, nats: { type: ["string", "object", "array"], minLength: 1, minItems: 1, additionalProperties: !1, required: ["out"], properties: { out: { type: "string", minLength: 1 }, mapping: { enum: ["port-restricted", "symmetric", "full-cone"] }, to: { type: "string", minLength: 1 } }, items: { $ref: "#/$defs/nat" } }, nat: { type: ["string", "object"], minLength: 1, additionalProperties: !1, required: ["out"], properties: { out: { type: "string", minLength: 1 }, mapping: { enum: ["port-restricted", "symmetric", "full-cone"] }, to: { type: "string", minLength: 1 } } }, external: { type: ["object", "null"], additionalProperties: !1, properties: { namespace: { type: "string", minLength: 1 }, container: { type: "string", minLength: 1 }, routes: { $ref: "#/$defs/words" } } }, network: { type: ["object", "null"], additionalProperties: !1, properties: { mtu: { $ref: "#/$defs/mtu" }, bridge: { type: "string", minLength: 1 } } }, device: { type: "object", additionalProperties: !1, properties: { to: { type: "string" }, type: { type: "string", minLength: 1 }, link: { type: "string" }, master: { type: "string" }, address: { $ref: "#/$defs/texts" }, mac: { $ref: "#/$defs/mac" }, mtu: { $ref: "#/$defs/mtu" }, up: { type: "boolean" }, dad: { type: "boolean" }, impair: { $ref: "#/$defs/impairment" } } }, cable: { type: ["string", "object"], additionalProperties: !1, required: ["ends"], properties: { ends: { type: "array", minItems: 2, maxItems: 2, items: { $ref: "#/$defs/end" } }, mtu: { $ref: "#/$defs/mtu" }, impair: { $ref: "#/$defs/impairment" } } }, end: { type: ["string", "object"], additionalProperties: !1, required: ["at"], properties: { at: { type: "string", minLength: 1 }, address: { $ref: "#/$defs/texts" }, mac: { $ref: "#/$defs/mac" }, impair: { $ref: "#/$defs/impairment" } } }, impairment: { type: "object", additionalProperties: !1, properties: { delay: { $ref: "#/$defs/duration" }, jitter: { $ref: "#/$defs/duration" }, loss: { $ref: "#/$defs/share" }, duplicate: { $ref: "#/$defs/share" }, corrupt: { $ref: "#/$defs/share" }, reorder: { $ref: "#/$defs/share" }, rate: { $ref: "#/$defs/rate" }, limit: { type: "integer", minimum: 1, maximum: 4294967295 } } }, service: { type: "object", additionalProperties: !1, required: ["command"], properties: { command: { $ref: "#/$defs/command" }, cwd: { type: "string", minLength: 1 }, env: { type: "object", additionalProperties: { type: ["string", "number"] } }, after: { $ref: "#/$defs/texts" }, ready: { $ref: "#/$defs/readiness" } } }, readiness: { type: "object", additionalProperties: !1, properties: { tcp: { type: ["integer", "string"], minimum: 1, maximum: 65535, pattern: "^\\$\\{.*\\}$" }, log: { type: "string", minLength: 1 }, file: { type: "string", minLength: 1 }, exec: { $ref: "#/$defs/command" }, within: { $ref: "#/$defs/duration" } } }, check: { type: ["string", "object"], minLength: 1, additionalProperties: !1, properties: { check: { type: "string", minLength: 1 }, not: { type: "string", minLength: 1 }, within: { $ref: "#/$defs/duration" } } } } }, func1 = Object.prototype.hasOwnProperty, func2 = (text) => [...text].length, pattern4 = new RegExp("^[a-z][a-z0-9-]*$", "u"), pattern5 = new RegExp("^[A-Za-z_][A-Za-z0-9_]*$", "u"), pattern6 = new RegExp("^[A-Za-z_][A-Za-z0-9_-]*$", "u"), schema32 = { type: ["object", "null"], additionalProperties: !1, properties: { template: { type: "string" }, count: { type: ["integer", "string"], minimum: 0, maximum: 1e4, pattern: "^\\$\\{.*\\}$" }, start: { type: "integer", minimum: 0 }, forward: { type: "boolean" }, sysctls: { type: "object", propertyNames: { pattern: "^net[./][A-Za-z0-9_./-]+$" }, additionalProperties: { type: ["string", "number"] } }, devices: { type: "object", propertyNames: { pattern: "^[^\\s/:%]+$", maxLength: 15 }, additionalProperties: { $ref: "#/$defs/device" } }, routes: { $ref: "#/$defs/words" }, rules: { $ref: "#/$defs/words" }, neighbours: { $ref: "#/$defs/words" }, nat: { $ref: "#/$defs/nats" }, internet: { type: "boolean" }, hosts: { type: "object", additionalProperties: { type: "string", minLength: 1 } }, setup: { type: "array", items: { $ref: "#/$defs/command" } }, run: { type: "object", propertyNames: { pattern: "^[A-Za-z0-9_.-]+$" }, additionalProperties: { $ref: "#/$defs/service" } } } }, schema45 = { type: "array", items: { type: "string", minLength: 1 } }, schema50 = { type: ["string", "array"], minLength: 1, minItems: 1, items: { type: "string" } }, pattern7 = new RegExp("^\\$\\{.*\\}$", "u"), pattern8 = new RegExp("^net[./][A-Za-z0-9_./-]+$", "u"), pattern9 = new RegExp("^[^\\s/:%]+$", "u"), pattern19 = new RegExp("^[A-Za-z0-9_.-]+$", "u"), schema33 = { type: "object", additionalProperties: !1, properties: { to: { type: "string" }, type: { type: "string", minLength: 1 }, link: { type: "string" }, master: { type: "string" }, address: { $ref: "#/$defs/texts" }, mac: { $ref: "#/$defs/mac" }, mtu: { $ref: "#/$defs/mtu" }, up: { type: "boolean" }, dad: { type: "boolean" }, impair: { $ref: "#/$defs/impairment" } } }, schema34 = { type: ["string", "array"], minLength: 1, items: { type: "string", minLength: 1 } }, schema35 = { type: "string", pattern: "^(([0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}|\\$\\{.*\\})$" }, schema36 = { type: ["integer", "string"], minimum: 68, maximum: 65535, pattern: "^\\$\\{.*\\}$" }, pattern10 = new RegExp("^(([0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}|\\$\\{.*\\})$", "u"), schema37 = { type: "object", additionalProperties: !1, properties: { delay: { $ref: "#/$defs/duration" }, jitter: { $ref: "#/$defs/duration" }, loss: { $ref: "#/$defs/share" }, duplicate: { $ref: "#/$defs/share" }, corrupt: { $ref: "#/$defs/share" }, reorder: { $ref: "#/$defs/share" }, rate: { $ref: "#/$defs/rate" }, limit: { type: "integer", minimum: 1, maximum: 4294967295 } } }, schema38 = { type: ["string", "number"], minimum: 0, pattern: "^([0-9]+(\\.[0-9]+)?(us|ms|s|m)|\\$\\{.*\\})$" }, schema40 = { type: "string", pattern: "^([0-9]+(\\.[0-9]+)?%|\\$\\{.*\\})$" }, schema44 = { type: "string", pattern: "^([0-9]+(\\.[0-9]+)?(bit|kbit|mbit|gbit)|\\$\\{.*\\})$" }, pattern12 = new RegExp("^([0-9]+(\\.[0-9]+)?(us|ms|s|m)|\\$\\{.*\\})$", "u"), pattern14 = new RegExp("^([0-9]+(\\.[0-9]+)?%|\\$\\{.*\\})$", "u"), pattern18 = new RegExp("^([0-9]+(\\.[0-9]+)?(bit|kbit|mbit|gbit)|\\$\\{.*\\})$", "u");
function validate23(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0;
  const evaluated0 = validate23.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data)
      if (!(key0 === "delay" || key0 === "jitter" || key0 === "loss" || key0 === "duplicate" || key0 === "corrupt" || key0 === "reorder" || key0 === "rate" || key0 === "limit")) {
        const err0 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, schema: !1, parentSchema: schema37, data };
        vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
      }
    if (data.delay !== void 0) {
      let data0 = data.delay;
      if (typeof data0 != "string" && !(typeof data0 == "number" && isFinite(data0))) {
        const err1 = { instancePath: instancePath + "/delay", schemaPath: "#/$defs/duration/type", keyword: "type", params: { type: schema38.type }, schema: schema38.type, parentSchema: schema38, data: data0 };
        vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
      }
      if (typeof data0 == "number" && isFinite(data0) && (data0 < 0 || isNaN(data0))) {
        const err2 = { instancePath: instancePath + "/delay", schemaPath: "#/$defs/duration/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 }, schema: 0, parentSchema: schema38, data: data0 };
        vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
      }
      if (typeof data0 == "string" && !pattern12.test(data0)) {
        const err3 = { instancePath: instancePath + "/delay", schemaPath: "#/$defs/duration/pattern", keyword: "pattern", params: { pattern: "^([0-9]+(\\.[0-9]+)?(us|ms|s|m)|\\$\\{.*\\})$" }, schema: "^([0-9]+(\\.[0-9]+)?(us|ms|s|m)|\\$\\{.*\\})$", parentSchema: schema38, data: data0 };
        vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
      }
    }
    if (data.jitter !== void 0) {
      let data1 = data.jitter;
      if (typeof data1 != "string" && !(typeof data1 == "number" && isFinite(data1))) {
        const err4 = { instancePath: instancePath + "/jitter", schemaPath: "#/$defs/duration/type", keyword: "type", params: { type: schema38.type }, schema: schema38.type, parentSchema: schema38, data: data1 };
        vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
      }
      if (typeof data1 == "number" && isFinite(data1) && (data1 < 0 || isNaN(data1))) {
        const err5 = { instancePath: instancePath + "/jitter", schemaPath: "#/$defs/duration/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 }, schema: 0, parentSchema: schema38, data: data1 };
        vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
      }
      if (typeof data1 == "string" && !pattern12.test(data1)) {
        const err6 = { instancePath: instancePath + "/jitter", schemaPath: "#/$defs/duration/pattern", keyword: "pattern", params: { pattern: "^([0-9]+(\\.[0-9]+)?(us|ms|s|m)|\\$\\{.*\\})$" }, schema: "^([0-9]+(\\.[0-9]+)?(us|ms|s|m)|\\$\\{.*\\})$", parentSchema: schema38, data: data1 };
        vErrors === null ? vErrors = [err6] : vErrors.push(err6), errors++;
      }
    }
    if (data.loss !== void 0) {
      let data2 = data.loss;
      if (typeof data2 == "string") {
        if (!pattern14.test(data2)) {
          const err7 = { instancePath: instancePath + "/loss", schemaPath: "#/$defs/share/pattern", keyword: "pattern", params: { pattern: "^([0-9]+(\\.[0-9]+)?%|\\$\\{.*\\})$" }, schema: "^([0-9]+(\\.[0-9]+)?%|\\$\\{.*\\})$", parentSchema: schema40, data: data2 };
          vErrors === null ? vErrors = [err7] : vErrors.push(err7), errors++;
        }
      } else {
        const err8 = { instancePath: instancePath + "/loss", schemaPath: "#/$defs/share/type", keyword: "type", params: { type: "string" }, schema: schema40.type, parentSchema: schema40, data: data2 };
        vErrors === null ? vErrors = [err8] : vErrors.push(err8), errors++;
      }
    }
    if (data.duplicate !== void 0) {
      let data3 = data.duplicate;
      if (typeof data3 == "string") {
        if (!pattern14.test(data3)) {
          const err9 = { instancePath: instancePath + "/duplicate", schemaPath: "#/$defs/share/pattern", keyword: "pattern", params: { pattern: "^([0-9]+(\\.[0-9]+)?%|\\$\\{.*\\})$" }, schema: "^([0-9]+(\\.[0-9]+)?%|\\$\\{.*\\})$", parentSchema: schema40, data: data3 };
          vErrors === null ? vErrors = [err9] : vErrors.push(err9), errors++;
        }
      } else {
        const err10 = { instancePath: instancePath + "/duplicate", schemaPath: "#/$defs/share/type", keyword: "type", params: { type: "string" }, schema: schema40.type, parentSchema: schema40, data: data3 };
        vErrors === null ? vErrors = [err10] : vErrors.push(err10), errors++;
      }
    }
    if (data.corrupt !== void 0) {
      let data4 = data.corrupt;
      if (typeof data4 == "string") {
        if (!pattern14.test(data4)) {
          const err11 = { instancePath: instancePath + "/corrupt", schemaPath: "#/$defs/share/pattern", keyword: "pattern", params: { pattern: "^([0-9]+(\\.[0-9]+)?%|\\$\\{.*\\})$" }, schema: "^([0-9]+(\\.[0-9]+)?%|\\$\\{.*\\})$", parentSchema: schema40, data: data4 };
          vErrors === null ? vErrors = [err11] : vErrors.push(err11), errors++;
        }
      } else {
        const err12 = { instancePath: instancePath + "/corrupt", schemaPath: "#/$defs/share/type", keyword: "type", params: { type: "string" }, schema: schema40.type, parentSchema: schema40, data: data4 };
        vErrors === null ? vErrors = [err12] : vErrors.push(err12), errors++;
      }
    }
    if (data.reorder !== void 0) {
      let data5 = data.reorder;
      if (typeof data5 == "string") {
        if (!pattern14.test(data5)) {
          const err13 = { instancePath: instancePath + "/reorder", schemaPath: "#/$defs/share/pattern", keyword: "pattern", params: { pattern: "^([0-9]+(\\.[0-9]+)?%|\\$\\{.*\\})$" }, schema: "^([0-9]+(\\.[0-9]+)?%|\\$\\{.*\\})$", parentSchema: schema40, data: data5 };
          vErrors === null ? vErrors = [err13] : vErrors.push(err13), errors++;
        }
      } else {
        const err14 = { instancePath: instancePath + "/reorder", schemaPath: "#/$defs/share/type", keyword: "type", params: { type: "string" }, schema: schema40.type, parentSchema: schema40, data: data5 };
        vErrors === null ? vErrors = [err14] : vErrors.push(err14), errors++;
      }
    }
    if (data.rate !== void 0) {
      let data6 = data.rate;
      if (typeof data6 == "string") {
        if (!pattern18.test(data6)) {
          const err15 = { instancePath: instancePath + "/rate", schemaPath: "#/$defs/rate/pattern", keyword: "pattern", params: { pattern: "^([0-9]+(\\.[0-9]+)?(bit|kbit|mbit|gbit)|\\$\\{.*\\})$" }, schema: "^([0-9]+(\\.[0-9]+)?(bit|kbit|mbit|gbit)|\\$\\{.*\\})$", parentSchema: schema44, data: data6 };
          vErrors === null ? vErrors = [err15] : vErrors.push(err15), errors++;
        }
      } else {
        const err16 = { instancePath: instancePath + "/rate", schemaPath: "#/$defs/rate/type", keyword: "type", params: { type: "string" }, schema: schema44.type, parentSchema: schema44, data: data6 };
        vErrors === null ? vErrors = [err16] : vErrors.push(err16), errors++;
      }
    }
    if (data.limit !== void 0) {
      let data7 = data.limit;
      if (!(typeof data7 == "number" && !(data7 % 1) && !isNaN(data7) && isFinite(data7))) {
        const err17 = { instancePath: instancePath + "/limit", schemaPath: "#/properties/limit/type", keyword: "type", params: { type: "integer" }, schema: schema37.properties.limit.type, parentSchema: schema37.properties.limit, data: data7 };
        vErrors === null ? vErrors = [err17] : vErrors.push(err17), errors++;
      }
      if (typeof data7 == "number" && isFinite(data7)) {
        if (data7 > 4294967295 || isNaN(data7)) {
          const err18 = { instancePath: instancePath + "/limit", schemaPath: "#/properties/limit/maximum", keyword: "maximum", params: { comparison: "<=", limit: 4294967295 }, schema: 4294967295, parentSchema: schema37.properties.limit, data: data7 };
          vErrors === null ? vErrors = [err18] : vErrors.push(err18), errors++;
        }
        if (data7 < 1 || isNaN(data7)) {
          const err19 = { instancePath: instancePath + "/limit", schemaPath: "#/properties/limit/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 }, schema: 1, parentSchema: schema37.properties.limit, data: data7 };
          vErrors === null ? vErrors = [err19] : vErrors.push(err19), errors++;
        }
      }
    }
  } else {
    const err20 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, schema: schema37.type, parentSchema: schema37, data };
    vErrors === null ? vErrors = [err20] : vErrors.push(err20), errors++;
  }
  return validate23.errors = vErrors, errors === 0;
}
validate23.evaluated = { props: !0, dynamicProps: !1, dynamicItems: !1 };
function validate22(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0;
  const evaluated0 = validate22.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data)
      if (!func1.call(schema33.properties, key0)) {
        const err0 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, schema: !1, parentSchema: schema33, data };
        vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
      }
    if (data.to !== void 0) {
      let data0 = data.to;
      if (typeof data0 != "string") {
        const err1 = { instancePath: instancePath + "/to", schemaPath: "#/properties/to/type", keyword: "type", params: { type: "string" }, schema: schema33.properties.to.type, parentSchema: schema33.properties.to, data: data0 };
        vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
      }
    }
    if (data.type !== void 0) {
      let data1 = data.type;
      if (typeof data1 == "string") {
        if (func2(data1) < 1) {
          const err2 = { instancePath: instancePath + "/type", schemaPath: "#/properties/type/minLength", keyword: "minLength", params: { limit: 1 }, schema: 1, parentSchema: schema33.properties.type, data: data1 };
          vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
        }
      } else {
        const err3 = { instancePath: instancePath + "/type", schemaPath: "#/properties/type/type", keyword: "type", params: { type: "string" }, schema: schema33.properties.type.type, parentSchema: schema33.properties.type, data: data1 };
        vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
      }
    }
    if (data.link !== void 0) {
      let data2 = data.link;
      if (typeof data2 != "string") {
        const err4 = { instancePath: instancePath + "/link", schemaPath: "#/properties/link/type", keyword: "type", params: { type: "string" }, schema: schema33.properties.link.type, parentSchema: schema33.properties.link, data: data2 };
        vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
      }
    }
    if (data.master !== void 0) {
      let data3 = data.master;
      if (typeof data3 != "string") {
        const err5 = { instancePath: instancePath + "/master", schemaPath: "#/properties/master/type", keyword: "type", params: { type: "string" }, schema: schema33.properties.master.type, parentSchema: schema33.properties.master, data: data3 };
        vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
      }
    }
    if (data.address !== void 0) {
      let data4 = data.address;
      if (typeof data4 != "string" && !Array.isArray(data4)) {
        const err6 = { instancePath: instancePath + "/address", schemaPath: "#/$defs/texts/type", keyword: "type", params: { type: schema34.type }, schema: schema34.type, parentSchema: schema34, data: data4 };
        vErrors === null ? vErrors = [err6] : vErrors.push(err6), errors++;
      }
      if (typeof data4 == "string" && func2(data4) < 1) {
        const err7 = { instancePath: instancePath + "/address", schemaPath: "#/$defs/texts/minLength", keyword: "minLength", params: { limit: 1 }, schema: 1, parentSchema: schema34, data: data4 };
        vErrors === null ? vErrors = [err7] : vErrors.push(err7), errors++;
      }
      if (Array.isArray(data4)) {
        const len0 = data4.length;
        for (let i0 = 0; i0 < len0; i0++) {
          let data5 = data4[i0];
          if (typeof data5 == "string") {
            if (func2(data5) < 1) {
              const err8 = { instancePath: instancePath + "/address/" + i0, schemaPath: "#/$defs/texts/items/minLength", keyword: "minLength", params: { limit: 1 }, schema: 1, parentSchema: schema34.items, data: data5 };
              vErrors === null ? vErrors = [err8] : vErrors.push(err8), errors++;
            }
          } else {
            const err9 = { instancePath: instancePath + "/address/" + i0, schemaPath: "#/$defs/texts/items/type", keyword: "type", params: { type: "string" }, schema: schema34.items.type, parentSchema: schema34.items, data: data5 };
            vErrors === null ? vErrors = [err9] : vErrors.push(err9), errors++;
          }
        }
      }
    }
    if (data.mac !== void 0) {
      let data6 = data.mac;
      if (typeof data6 == "string") {
        if (!pattern10.test(data6)) {
          const err10 = { instancePath: instancePath + "/mac", schemaPath: "#/$defs/mac/pattern", keyword: "pattern", params: { pattern: "^(([0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}|\\$\\{.*\\})$" }, schema: "^(([0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}|\\$\\{.*\\})$", parentSchema: schema35, data: data6 };
          vErrors === null ? vErrors = [err10] : vErrors.push(err10), errors++;
        }
      } else {
        const err11 = { instancePath: instancePath + "/mac", schemaPath: "#/$defs/mac/type", keyword: "type", params: { type: "string" }, schema: schema35.type, parentSchema: schema35, data: data6 };
        vErrors === null ? vErrors = [err11] : vErrors.push(err11), errors++;
      }
    }
    if (data.mtu !== void 0) {
      let data7 = data.mtu;
      if (!(typeof data7 == "number" && !(data7 % 1) && !isNaN(data7) && isFinite(data7)) && typeof data7 != "string") {
        const err12 = { instancePath: instancePath + "/mtu", schemaPath: "#/$defs/mtu/type", keyword: "type", params: { type: schema36.type }, schema: schema36.type, parentSchema: schema36, data: data7 };
        vErrors === null ? vErrors = [err12] : vErrors.push(err12), errors++;
      }
      if (typeof data7 == "number" && isFinite(data7)) {
        if (data7 > 65535 || isNaN(data7)) {
          const err13 = { instancePath: instancePath + "/mtu", schemaPath: "#/$defs/mtu/maximum", keyword: "maximum", params: { comparison: "<=", limit: 65535 }, schema: 65535, parentSchema: schema36, data: data7 };
          vErrors === null ? vErrors = [err13] : vErrors.push(err13), errors++;
        }
        if (data7 < 68 || isNaN(data7)) {
          const err14 = { instancePath: instancePath + "/mtu", schemaPath: "#/$defs/mtu/minimum", keyword: "minimum", params: { comparison: ">=", limit: 68 }, schema: 68, parentSchema: schema36, data: data7 };
          vErrors === null ? vErrors = [err14] : vErrors.push(err14), errors++;
        }
      }
      if (typeof data7 == "string" && !pattern7.test(data7)) {
        const err15 = { instancePath: instancePath + "/mtu", schemaPath: "#/$defs/mtu/pattern", keyword: "pattern", params: { pattern: "^\\$\\{.*\\}$" }, schema: "^\\$\\{.*\\}$", parentSchema: schema36, data: data7 };
        vErrors === null ? vErrors = [err15] : vErrors.push(err15), errors++;
      }
    }
    if (data.up !== void 0) {
      let data8 = data.up;
      if (typeof data8 != "boolean") {
        const err16 = { instancePath: instancePath + "/up", schemaPath: "#/properties/up/type", keyword: "type", params: { type: "boolean" }, schema: schema33.properties.up.type, parentSchema: schema33.properties.up, data: data8 };
        vErrors === null ? vErrors = [err16] : vErrors.push(err16), errors++;
      }
    }
    if (data.dad !== void 0) {
      let data9 = data.dad;
      if (typeof data9 != "boolean") {
        const err17 = { instancePath: instancePath + "/dad", schemaPath: "#/properties/dad/type", keyword: "type", params: { type: "boolean" }, schema: schema33.properties.dad.type, parentSchema: schema33.properties.dad, data: data9 };
        vErrors === null ? vErrors = [err17] : vErrors.push(err17), errors++;
      }
    }
    data.impair !== void 0 && (validate23(data.impair, { instancePath: instancePath + "/impair", parentData: data, parentDataProperty: "impair", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate23.errors : vErrors.concat(validate23.errors), errors = vErrors.length));
  } else {
    const err18 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, schema: schema33.type, parentSchema: schema33, data };
    vErrors === null ? vErrors = [err18] : vErrors.push(err18), errors++;
  }
  return validate22.errors = vErrors, errors === 0;
}
validate22.evaluated = { props: !0, dynamicProps: !1, dynamicItems: !1 };
const schema48 = { type: ["string", "object", "array"], minLength: 1, minItems: 1, additionalProperties: !1, required: ["out"], properties: { out: { type: "string", minLength: 1 }, mapping: { enum: ["port-restricted", "symmetric", "full-cone"] }, to: { type: "string", minLength: 1 } }, items: { $ref: "#/$defs/nat" } }, schema49 = { type: ["string", "object"], minLength: 1, additionalProperties: !1, required: ["out"], properties: { out: { type: "string", minLength: 1 }, mapping: { enum: ["port-restricted", "symmetric", "full-cone"] }, to: { type: "string", minLength: 1 } } };
function validate26(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0;
  const evaluated0 = validate26.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), (!data || typeof data != "object") && typeof data != "string") {
    const err0 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: schema48.type }, schema: schema48.type, parentSchema: schema48, data };
    vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
  }
  if (typeof data == "string" && func2(data) < 1) {
    const err1 = { instancePath, schemaPath: "#/minLength", keyword: "minLength", params: { limit: 1 }, schema: 1, parentSchema: schema48, data };
    vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
  }
  if (Array.isArray(data)) {
    if (data.length < 1) {
      const err2 = { instancePath, schemaPath: "#/minItems", keyword: "minItems", params: { limit: 1 }, schema: 1, parentSchema: schema48, data };
      vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
    }
    const len0 = data.length;
    for (let i0 = 0; i0 < len0; i0++) {
      let data0 = data[i0];
      if (typeof data0 != "string" && !(data0 && typeof data0 == "object" && !Array.isArray(data0))) {
        const err3 = { instancePath: instancePath + "/" + i0, schemaPath: "#/$defs/nat/type", keyword: "type", params: { type: schema49.type }, schema: schema49.type, parentSchema: schema49, data: data0 };
        vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
      }
      if (typeof data0 == "string" && func2(data0) < 1) {
        const err4 = { instancePath: instancePath + "/" + i0, schemaPath: "#/$defs/nat/minLength", keyword: "minLength", params: { limit: 1 }, schema: 1, parentSchema: schema49, data: data0 };
        vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
      }
      if (data0 && typeof data0 == "object" && !Array.isArray(data0)) {
        if (data0.out === void 0) {
          const err5 = { instancePath: instancePath + "/" + i0, schemaPath: "#/$defs/nat/required", keyword: "required", params: { missingProperty: "out" }, schema: schema49.required, parentSchema: schema49, data: data0 };
          vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
        }
        for (const key0 in data0)
          if (!(key0 === "out" || key0 === "mapping" || key0 === "to")) {
            const err6 = { instancePath: instancePath + "/" + i0, schemaPath: "#/$defs/nat/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, schema: !1, parentSchema: schema49, data: data0 };
            vErrors === null ? vErrors = [err6] : vErrors.push(err6), errors++;
          }
        if (data0.out !== void 0) {
          let data1 = data0.out;
          if (typeof data1 == "string") {
            if (func2(data1) < 1) {
              const err7 = { instancePath: instancePath + "/" + i0 + "/out", schemaPath: "#/$defs/nat/properties/out/minLength", keyword: "minLength", params: { limit: 1 }, schema: 1, parentSchema: schema49.properties.out, data: data1 };
              vErrors === null ? vErrors = [err7] : vErrors.push(err7), errors++;
            }
          } else {
            const err8 = { instancePath: instancePath + "/" + i0 + "/out", schemaPath: "#/$defs/nat/properties/out/type", keyword: "type", params: { type: "string" }, schema: schema49.properties.out.type, parentSchema: schema49.properties.out, data: data1 };
            vErrors === null ? vErrors = [err8] : vErrors.push(err8), errors++;
          }
        }
        if (data0.mapping !== void 0) {
          let data2 = data0.mapping;
          if (!(data2 === "port-restricted" || data2 === "symmetric" || data2 === "full-cone")) {
            const err9 = { instancePath: instancePath + "/" + i0 + "/mapping", schemaPath: "#/$defs/nat/properties/mapping/enum", keyword: "enum", params: { allowedValues: schema49.properties.mapping.enum }, schema: schema49.properties.mapping.enum, parentSchema: schema49.properties.mapping, data: data2 };
            vErrors === null ? vErrors = [err9] : vErrors.push(err9), errors++;
          }
        }
        if (data0.to !== void 0) {
          let data3 = data0.to;
          if (typeof data3 == "string") {
            if (func2(data3) < 1) {
              const err10 = { instancePath: instancePath + "/" + i0 + "/to", schemaPath: "#/$defs/nat/properties/to/minLength", keyword: "minLength", params: { limit: 1 }, schema: 1, parentSchema: schema49.properties.to, data: data3 };
              vErrors === null ? vErrors = [err10] : vErrors.push(err10), errors++;
            }
          } else {
            const err11 = { instancePath: instancePath + "/" + i0 + "/to", schemaPath: "#/$defs/nat/properties/to/type", keyword: "type", params: { type: "string" }, schema: schema49.properties.to.type, parentSchema: schema49.properties.to, data: data3 };
            vErrors === null ? vErrors = [err11] : vErrors.push(err11), errors++;
          }
        }
      }
    }
  }
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.out === void 0) {
      const err12 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "out" }, schema: schema48.required, parentSchema: schema48, data };
      vErrors === null ? vErrors = [err12] : vErrors.push(err12), errors++;
    }
    for (const key1 in data)
      if (!(key1 === "out" || key1 === "mapping" || key1 === "to")) {
        const err13 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key1 }, schema: !1, parentSchema: schema48, data };
        vErrors === null ? vErrors = [err13] : vErrors.push(err13), errors++;
      }
    if (data.out !== void 0) {
      let data4 = data.out;
      if (typeof data4 == "string") {
        if (func2(data4) < 1) {
          const err14 = { instancePath: instancePath + "/out", schemaPath: "#/properties/out/minLength", keyword: "minLength", params: { limit: 1 }, schema: 1, parentSchema: schema48.properties.out, data: data4 };
          vErrors === null ? vErrors = [err14] : vErrors.push(err14), errors++;
        }
      } else {
        const err15 = { instancePath: instancePath + "/out", schemaPath: "#/properties/out/type", keyword: "type", params: { type: "string" }, schema: schema48.properties.out.type, parentSchema: schema48.properties.out, data: data4 };
        vErrors === null ? vErrors = [err15] : vErrors.push(err15), errors++;
      }
    }
    if (data.mapping !== void 0) {
      let data5 = data.mapping;
      if (!(data5 === "port-restricted" || data5 === "symmetric" || data5 === "full-cone")) {
        const err16 = { instancePath: instancePath + "/mapping", schemaPath: "#/properties/mapping/enum", keyword: "enum", params: { allowedValues: schema48.properties.mapping.enum }, schema: schema48.properties.mapping.enum, parentSchema: schema48.properties.mapping, data: data5 };
        vErrors === null ? vErrors = [err16] : vErrors.push(err16), errors++;
      }
    }
    if (data.to !== void 0) {
      let data6 = data.to;
      if (typeof data6 == "string") {
        if (func2(data6) < 1) {
          const err17 = { instancePath: instancePath + "/to", schemaPath: "#/properties/to/minLength", keyword: "minLength", params: { limit: 1 }, schema: 1, parentSchema: schema48.properties.to, data: data6 };
          vErrors === null ? vErrors = [err17] : vErrors.push(err17), errors++;
        }
      } else {
        const err18 = { instancePath: instancePath + "/to", schemaPath: "#/properties/to/type", keyword: "type", params: { type: "string" }, schema: schema48.properties.to.type, parentSchema: schema48.properties.to, data: data6 };
        vErrors === null ? vErrors = [err18] : vErrors.push(err18), errors++;
      }
    }
  }
  return validate26.errors = vErrors, errors === 0;
}
validate26.evaluated = { props: !0, items: !0, dynamicProps: !1, dynamicItems: !1 };
const schema51 = { type: "object", additionalProperties: !1, required: ["command"], properties: { command: { $ref: "#/$defs/command" }, cwd: { type: "string", minLength: 1 }, env: { type: "object", additionalProperties: { type: ["string", "number"] } }, after: { $ref: "#/$defs/texts" }, ready: { $ref: "#/$defs/readiness" } } }, schema54 = { type: "object", additionalProperties: !1, properties: { tcp: { type: ["integer", "string"], minimum: 1, maximum: 65535, pattern: "^\\$\\{.*\\}$" }, log: { type: "string", minLength: 1 }, file: { type: "string", minLength: 1 }, exec: { $ref: "#/$defs/command" }, within: { $ref: "#/$defs/duration" } } };
function validate29(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0;
  const evaluated0 = validate29.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data)
      if (!(key0 === "tcp" || key0 === "log" || key0 === "file" || key0 === "exec" || key0 === "within")) {
        const err0 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, schema: !1, parentSchema: schema54, data };
        vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
      }
    if (data.tcp !== void 0) {
      let data0 = data.tcp;
      if (!(typeof data0 == "number" && !(data0 % 1) && !isNaN(data0) && isFinite(data0)) && typeof data0 != "string") {
        const err1 = { instancePath: instancePath + "/tcp", schemaPath: "#/properties/tcp/type", keyword: "type", params: { type: schema54.properties.tcp.type }, schema: schema54.properties.tcp.type, parentSchema: schema54.properties.tcp, data: data0 };
        vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
      }
      if (typeof data0 == "number" && isFinite(data0)) {
        if (data0 > 65535 || isNaN(data0)) {
          const err2 = { instancePath: instancePath + "/tcp", schemaPath: "#/properties/tcp/maximum", keyword: "maximum", params: { comparison: "<=", limit: 65535 }, schema: 65535, parentSchema: schema54.properties.tcp, data: data0 };
          vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
        }
        if (data0 < 1 || isNaN(data0)) {
          const err3 = { instancePath: instancePath + "/tcp", schemaPath: "#/properties/tcp/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 }, schema: 1, parentSchema: schema54.properties.tcp, data: data0 };
          vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
        }
      }
      if (typeof data0 == "string" && !pattern7.test(data0)) {
        const err4 = { instancePath: instancePath + "/tcp", schemaPath: "#/properties/tcp/pattern", keyword: "pattern", params: { pattern: "^\\$\\{.*\\}$" }, schema: "^\\$\\{.*\\}$", parentSchema: schema54.properties.tcp, data: data0 };
        vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
      }
    }
    if (data.log !== void 0) {
      let data1 = data.log;
      if (typeof data1 == "string") {
        if (func2(data1) < 1) {
          const err5 = { instancePath: instancePath + "/log", schemaPath: "#/properties/log/minLength", keyword: "minLength", params: { limit: 1 }, schema: 1, parentSchema: schema54.properties.log, data: data1 };
          vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
        }
      } else {
        const err6 = { instancePath: instancePath + "/log", schemaPath: "#/properties/log/type", keyword: "type", params: { type: "string" }, schema: schema54.properties.log.type, parentSchema: schema54.properties.log, data: data1 };
        vErrors === null ? vErrors = [err6] : vErrors.push(err6), errors++;
      }
    }
    if (data.file !== void 0) {
      let data2 = data.file;
      if (typeof data2 == "string") {
        if (func2(data2) < 1) {
          const err7 = { instancePath: instancePath + "/file", schemaPath: "#/properties/file/minLength", keyword: "minLength", params: { limit: 1 }, schema: 1, parentSchema: schema54.properties.file, data: data2 };
          vErrors === null ? vErrors = [err7] : vErrors.push(err7), errors++;
        }
      } else {
        const err8 = { instancePath: instancePath + "/file", schemaPath: "#/properties/file/type", keyword: "type", params: { type: "string" }, schema: schema54.properties.file.type, parentSchema: schema54.properties.file, data: data2 };
        vErrors === null ? vErrors = [err8] : vErrors.push(err8), errors++;
      }
    }
    if (data.exec !== void 0) {
      let data3 = data.exec;
      if (typeof data3 != "string" && !Array.isArray(data3)) {
        const err9 = { instancePath: instancePath + "/exec", schemaPath: "#/$defs/command/type", keyword: "type", params: { type: schema50.type }, schema: schema50.type, parentSchema: schema50, data: data3 };
        vErrors === null ? vErrors = [err9] : vErrors.push(err9), errors++;
      }
      if (typeof data3 == "string" && func2(data3) < 1) {
        const err10 = { instancePath: instancePath + "/exec", schemaPath: "#/$defs/command/minLength", keyword: "minLength", params: { limit: 1 }, schema: 1, parentSchema: schema50, data: data3 };
        vErrors === null ? vErrors = [err10] : vErrors.push(err10), errors++;
      }
      if (Array.isArray(data3)) {
        if (data3.length < 1) {
          const err11 = { instancePath: instancePath + "/exec", schemaPath: "#/$defs/command/minItems", keyword: "minItems", params: { limit: 1 }, schema: 1, parentSchema: schema50, data: data3 };
          vErrors === null ? vErrors = [err11] : vErrors.push(err11), errors++;
        }
        const len0 = data3.length;
        for (let i0 = 0; i0 < len0; i0++) {
          let data4 = data3[i0];
          if (typeof data4 != "string") {
            const err12 = { instancePath: instancePath + "/exec/" + i0, schemaPath: "#/$defs/command/items/type", keyword: "type", params: { type: "string" }, schema: schema50.items.type, parentSchema: schema50.items, data: data4 };
            vErrors === null ? vErrors = [err12] : vErrors.push(err12), errors++;
          }
        }
      }
    }
    if (data.within !== void 0) {
      let data5 = data.within;
      if (typeof data5 != "string" && !(typeof data5 == "number" && isFinite(data5))) {
        const err13 = { instancePath: instancePath + "/within", schemaPath: "#/$defs/duration/type", keyword: "type", params: { type: schema38.type }, schema: schema38.type, parentSchema: schema38, data: data5 };
        vErrors === null ? vErrors = [err13] : vErrors.push(err13), errors++;
      }
      if (typeof data5 == "number" && isFinite(data5) && (data5 < 0 || isNaN(data5))) {
        const err14 = { instancePath: instancePath + "/within", schemaPath: "#/$defs/duration/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 }, schema: 0, parentSchema: schema38, data: data5 };
        vErrors === null ? vErrors = [err14] : vErrors.push(err14), errors++;
      }
      if (typeof data5 == "string" && !pattern12.test(data5)) {
        const err15 = { instancePath: instancePath + "/within", schemaPath: "#/$defs/duration/pattern", keyword: "pattern", params: { pattern: "^([0-9]+(\\.[0-9]+)?(us|ms|s|m)|\\$\\{.*\\})$" }, schema: "^([0-9]+(\\.[0-9]+)?(us|ms|s|m)|\\$\\{.*\\})$", parentSchema: schema38, data: data5 };
        vErrors === null ? vErrors = [err15] : vErrors.push(err15), errors++;
      }
    }
  } else {
    const err16 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, schema: schema54.type, parentSchema: schema54, data };
    vErrors === null ? vErrors = [err16] : vErrors.push(err16), errors++;
  }
  return validate29.errors = vErrors, errors === 0;
}
validate29.evaluated = { props: !0, dynamicProps: !1, dynamicItems: !1 };
function validate28(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0;
  const evaluated0 = validate28.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), data && typeof data == "object" && !Array.isArray(data)) {
    if (data.command === void 0) {
      const err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "command" }, schema: schema51.required, parentSchema: schema51, data };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
    for (const key0 in data)
      if (!(key0 === "command" || key0 === "cwd" || key0 === "env" || key0 === "after" || key0 === "ready")) {
        const err1 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, schema: !1, parentSchema: schema51, data };
        vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
      }
    if (data.command !== void 0) {
      let data0 = data.command;
      if (typeof data0 != "string" && !Array.isArray(data0)) {
        const err2 = { instancePath: instancePath + "/command", schemaPath: "#/$defs/command/type", keyword: "type", params: { type: schema50.type }, schema: schema50.type, parentSchema: schema50, data: data0 };
        vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
      }
      if (typeof data0 == "string" && func2(data0) < 1) {
        const err3 = { instancePath: instancePath + "/command", schemaPath: "#/$defs/command/minLength", keyword: "minLength", params: { limit: 1 }, schema: 1, parentSchema: schema50, data: data0 };
        vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
      }
      if (Array.isArray(data0)) {
        if (data0.length < 1) {
          const err4 = { instancePath: instancePath + "/command", schemaPath: "#/$defs/command/minItems", keyword: "minItems", params: { limit: 1 }, schema: 1, parentSchema: schema50, data: data0 };
          vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
        }
        const len0 = data0.length;
        for (let i0 = 0; i0 < len0; i0++) {
          let data1 = data0[i0];
          if (typeof data1 != "string") {
            const err5 = { instancePath: instancePath + "/command/" + i0, schemaPath: "#/$defs/command/items/type", keyword: "type", params: { type: "string" }, schema: schema50.items.type, parentSchema: schema50.items, data: data1 };
            vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
          }
        }
      }
    }
    if (data.cwd !== void 0) {
      let data2 = data.cwd;
      if (typeof data2 == "string") {
        if (func2(data2) < 1) {
          const err6 = { instancePath: instancePath + "/cwd", schemaPath: "#/properties/cwd/minLength", keyword: "minLength", params: { limit: 1 }, schema: 1, parentSchema: schema51.properties.cwd, data: data2 };
          vErrors === null ? vErrors = [err6] : vErrors.push(err6), errors++;
        }
      } else {
        const err7 = { instancePath: instancePath + "/cwd", schemaPath: "#/properties/cwd/type", keyword: "type", params: { type: "string" }, schema: schema51.properties.cwd.type, parentSchema: schema51.properties.cwd, data: data2 };
        vErrors === null ? vErrors = [err7] : vErrors.push(err7), errors++;
      }
    }
    if (data.env !== void 0) {
      let data3 = data.env;
      if (data3 && typeof data3 == "object" && !Array.isArray(data3))
        for (const key1 in data3) {
          let data4 = data3[key1];
          if (typeof data4 != "string" && !(typeof data4 == "number" && isFinite(data4))) {
            const err8 = { instancePath: instancePath + "/env/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/env/additionalProperties/type", keyword: "type", params: { type: schema51.properties.env.additionalProperties.type }, schema: schema51.properties.env.additionalProperties.type, parentSchema: schema51.properties.env.additionalProperties, data: data4 };
            vErrors === null ? vErrors = [err8] : vErrors.push(err8), errors++;
          }
        }
      else {
        const err9 = { instancePath: instancePath + "/env", schemaPath: "#/properties/env/type", keyword: "type", params: { type: "object" }, schema: schema51.properties.env.type, parentSchema: schema51.properties.env, data: data3 };
        vErrors === null ? vErrors = [err9] : vErrors.push(err9), errors++;
      }
    }
    if (data.after !== void 0) {
      let data5 = data.after;
      if (typeof data5 != "string" && !Array.isArray(data5)) {
        const err10 = { instancePath: instancePath + "/after", schemaPath: "#/$defs/texts/type", keyword: "type", params: { type: schema34.type }, schema: schema34.type, parentSchema: schema34, data: data5 };
        vErrors === null ? vErrors = [err10] : vErrors.push(err10), errors++;
      }
      if (typeof data5 == "string" && func2(data5) < 1) {
        const err11 = { instancePath: instancePath + "/after", schemaPath: "#/$defs/texts/minLength", keyword: "minLength", params: { limit: 1 }, schema: 1, parentSchema: schema34, data: data5 };
        vErrors === null ? vErrors = [err11] : vErrors.push(err11), errors++;
      }
      if (Array.isArray(data5)) {
        const len1 = data5.length;
        for (let i1 = 0; i1 < len1; i1++) {
          let data6 = data5[i1];
          if (typeof data6 == "string") {
            if (func2(data6) < 1) {
              const err12 = { instancePath: instancePath + "/after/" + i1, schemaPath: "#/$defs/texts/items/minLength", keyword: "minLength", params: { limit: 1 }, schema: 1, parentSchema: schema34.items, data: data6 };
              vErrors === null ? vErrors = [err12] : vErrors.push(err12), errors++;
            }
          } else {
            const err13 = { instancePath: instancePath + "/after/" + i1, schemaPath: "#/$defs/texts/items/type", keyword: "type", params: { type: "string" }, schema: schema34.items.type, parentSchema: schema34.items, data: data6 };
            vErrors === null ? vErrors = [err13] : vErrors.push(err13), errors++;
          }
        }
      }
    }
    data.ready !== void 0 && (validate29(data.ready, { instancePath: instancePath + "/ready", parentData: data, parentDataProperty: "ready", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate29.errors : vErrors.concat(validate29.errors), errors = vErrors.length));
  } else {
    const err14 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, schema: schema51.type, parentSchema: schema51, data };
    vErrors === null ? vErrors = [err14] : vErrors.push(err14), errors++;
  }
  return validate28.errors = vErrors, errors === 0;
}
validate28.evaluated = { props: !0, dynamicProps: !1, dynamicItems: !1 };
function validate21(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0;
  const evaluated0 = validate21.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), !(data && typeof data == "object" && !Array.isArray(data)) && data !== null) {
    const err0 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: schema32.type }, schema: schema32.type, parentSchema: schema32, data };
    vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
  }
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data)
      if (!func1.call(schema32.properties, key0)) {
        const err1 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, schema: !1, parentSchema: schema32, data };
        vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
      }
    if (data.template !== void 0) {
      let data0 = data.template;
      if (typeof data0 != "string") {
        const err2 = { instancePath: instancePath + "/template", schemaPath: "#/properties/template/type", keyword: "type", params: { type: "string" }, schema: schema32.properties.template.type, parentSchema: schema32.properties.template, data: data0 };
        vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
      }
    }
    if (data.count !== void 0) {
      let data1 = data.count;
      if (!(typeof data1 == "number" && !(data1 % 1) && !isNaN(data1) && isFinite(data1)) && typeof data1 != "string") {
        const err3 = { instancePath: instancePath + "/count", schemaPath: "#/properties/count/type", keyword: "type", params: { type: schema32.properties.count.type }, schema: schema32.properties.count.type, parentSchema: schema32.properties.count, data: data1 };
        vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
      }
      if (typeof data1 == "number" && isFinite(data1)) {
        if (data1 > 1e4 || isNaN(data1)) {
          const err4 = { instancePath: instancePath + "/count", schemaPath: "#/properties/count/maximum", keyword: "maximum", params: { comparison: "<=", limit: 1e4 }, schema: 1e4, parentSchema: schema32.properties.count, data: data1 };
          vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
        }
        if (data1 < 0 || isNaN(data1)) {
          const err5 = { instancePath: instancePath + "/count", schemaPath: "#/properties/count/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 }, schema: 0, parentSchema: schema32.properties.count, data: data1 };
          vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
        }
      }
      if (typeof data1 == "string" && !pattern7.test(data1)) {
        const err6 = { instancePath: instancePath + "/count", schemaPath: "#/properties/count/pattern", keyword: "pattern", params: { pattern: "^\\$\\{.*\\}$" }, schema: "^\\$\\{.*\\}$", parentSchema: schema32.properties.count, data: data1 };
        vErrors === null ? vErrors = [err6] : vErrors.push(err6), errors++;
      }
    }
    if (data.start !== void 0) {
      let data2 = data.start;
      if (!(typeof data2 == "number" && !(data2 % 1) && !isNaN(data2) && isFinite(data2))) {
        const err7 = { instancePath: instancePath + "/start", schemaPath: "#/properties/start/type", keyword: "type", params: { type: "integer" }, schema: schema32.properties.start.type, parentSchema: schema32.properties.start, data: data2 };
        vErrors === null ? vErrors = [err7] : vErrors.push(err7), errors++;
      }
      if (typeof data2 == "number" && isFinite(data2) && (data2 < 0 || isNaN(data2))) {
        const err8 = { instancePath: instancePath + "/start", schemaPath: "#/properties/start/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 }, schema: 0, parentSchema: schema32.properties.start, data: data2 };
        vErrors === null ? vErrors = [err8] : vErrors.push(err8), errors++;
      }
    }
    if (data.forward !== void 0) {
      let data3 = data.forward;
      if (typeof data3 != "boolean") {
        const err9 = { instancePath: instancePath + "/forward", schemaPath: "#/properties/forward/type", keyword: "type", params: { type: "boolean" }, schema: schema32.properties.forward.type, parentSchema: schema32.properties.forward, data: data3 };
        vErrors === null ? vErrors = [err9] : vErrors.push(err9), errors++;
      }
    }
    if (data.sysctls !== void 0) {
      let data4 = data.sysctls;
      if (data4 && typeof data4 == "object" && !Array.isArray(data4)) {
        for (const key1 in data4) {
          const _errs12 = errors;
          if (typeof key1 == "string" && !pattern8.test(key1)) {
            const err10 = { instancePath: instancePath + "/sysctls", schemaPath: "#/properties/sysctls/propertyNames/pattern", keyword: "pattern", params: { pattern: "^net[./][A-Za-z0-9_./-]+$" }, schema: "^net[./][A-Za-z0-9_./-]+$", parentSchema: schema32.properties.sysctls.propertyNames, data: key1, propertyName: key1 };
            vErrors === null ? vErrors = [err10] : vErrors.push(err10), errors++;
          }
          var valid1 = _errs12 === errors;
          if (!valid1) {
            const err11 = { instancePath: instancePath + "/sysctls", schemaPath: "#/properties/sysctls/propertyNames", keyword: "propertyNames", params: { propertyName: key1 }, schema: schema32.properties.sysctls.propertyNames, parentSchema: schema32.properties.sysctls, data: data4 };
            vErrors === null ? vErrors = [err11] : vErrors.push(err11), errors++;
          }
        }
        for (const key2 in data4) {
          let data5 = data4[key2];
          if (typeof data5 != "string" && !(typeof data5 == "number" && isFinite(data5))) {
            const err12 = { instancePath: instancePath + "/sysctls/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/sysctls/additionalProperties/type", keyword: "type", params: { type: schema32.properties.sysctls.additionalProperties.type }, schema: schema32.properties.sysctls.additionalProperties.type, parentSchema: schema32.properties.sysctls.additionalProperties, data: data5 };
            vErrors === null ? vErrors = [err12] : vErrors.push(err12), errors++;
          }
        }
      } else {
        const err13 = { instancePath: instancePath + "/sysctls", schemaPath: "#/properties/sysctls/type", keyword: "type", params: { type: "object" }, schema: schema32.properties.sysctls.type, parentSchema: schema32.properties.sysctls, data: data4 };
        vErrors === null ? vErrors = [err13] : vErrors.push(err13), errors++;
      }
    }
    if (data.devices !== void 0) {
      let data6 = data.devices;
      if (data6 && typeof data6 == "object" && !Array.isArray(data6)) {
        for (const key3 in data6) {
          const _errs18 = errors;
          if (typeof key3 == "string") {
            if (func2(key3) > 15) {
              const err14 = { instancePath: instancePath + "/devices", schemaPath: "#/properties/devices/propertyNames/maxLength", keyword: "maxLength", params: { limit: 15 }, schema: 15, parentSchema: schema32.properties.devices.propertyNames, data: key3, propertyName: key3 };
              vErrors === null ? vErrors = [err14] : vErrors.push(err14), errors++;
            }
            if (!pattern9.test(key3)) {
              const err15 = { instancePath: instancePath + "/devices", schemaPath: "#/properties/devices/propertyNames/pattern", keyword: "pattern", params: { pattern: "^[^\\s/:%]+$" }, schema: "^[^\\s/:%]+$", parentSchema: schema32.properties.devices.propertyNames, data: key3, propertyName: key3 };
              vErrors === null ? vErrors = [err15] : vErrors.push(err15), errors++;
            }
          }
          var valid3 = _errs18 === errors;
          if (!valid3) {
            const err16 = { instancePath: instancePath + "/devices", schemaPath: "#/properties/devices/propertyNames", keyword: "propertyNames", params: { propertyName: key3 }, schema: schema32.properties.devices.propertyNames, parentSchema: schema32.properties.devices, data: data6 };
            vErrors === null ? vErrors = [err16] : vErrors.push(err16), errors++;
          }
        }
        for (const key4 in data6)
          validate22(data6[key4], { instancePath: instancePath + "/devices/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"), parentData: data6, parentDataProperty: key4, rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors), errors = vErrors.length);
      } else {
        const err17 = { instancePath: instancePath + "/devices", schemaPath: "#/properties/devices/type", keyword: "type", params: { type: "object" }, schema: schema32.properties.devices.type, parentSchema: schema32.properties.devices, data: data6 };
        vErrors === null ? vErrors = [err17] : vErrors.push(err17), errors++;
      }
    }
    if (data.routes !== void 0) {
      let data8 = data.routes;
      if (Array.isArray(data8)) {
        const len0 = data8.length;
        for (let i0 = 0; i0 < len0; i0++) {
          let data9 = data8[i0];
          if (typeof data9 == "string") {
            if (func2(data9) < 1) {
              const err18 = { instancePath: instancePath + "/routes/" + i0, schemaPath: "#/$defs/words/items/minLength", keyword: "minLength", params: { limit: 1 }, schema: 1, parentSchema: schema45.items, data: data9 };
              vErrors === null ? vErrors = [err18] : vErrors.push(err18), errors++;
            }
          } else {
            const err19 = { instancePath: instancePath + "/routes/" + i0, schemaPath: "#/$defs/words/items/type", keyword: "type", params: { type: "string" }, schema: schema45.items.type, parentSchema: schema45.items, data: data9 };
            vErrors === null ? vErrors = [err19] : vErrors.push(err19), errors++;
          }
        }
      } else {
        const err20 = { instancePath: instancePath + "/routes", schemaPath: "#/$defs/words/type", keyword: "type", params: { type: "array" }, schema: schema45.type, parentSchema: schema45, data: data8 };
        vErrors === null ? vErrors = [err20] : vErrors.push(err20), errors++;
      }
    }
    if (data.rules !== void 0) {
      let data10 = data.rules;
      if (Array.isArray(data10)) {
        const len1 = data10.length;
        for (let i1 = 0; i1 < len1; i1++) {
          let data11 = data10[i1];
          if (typeof data11 == "string") {
            if (func2(data11) < 1) {
              const err21 = { instancePath: instancePath + "/rules/" + i1, schemaPath: "#/$defs/words/items/minLength", keyword: "minLength", params: { limit: 1 }, schema: 1, parentSchema: schema45.items, data: data11 };
              vErrors === null ? vErrors = [err21] : vErrors.push(err21), errors++;
            }
          } else {
            const err22 = { instancePath: instancePath + "/rules/" + i1, schemaPath: "#/$defs/words/items/type", keyword: "type", params: { type: "string" }, schema: schema45.items.type, parentSchema: schema45.items, data: data11 };
            vErrors === null ? vErrors = [err22] : vErrors.push(err22), errors++;
          }
        }
      } else {
        const err23 = { instancePath: instancePath + "/rules", schemaPath: "#/$defs/words/type", keyword: "type", params: { type: "array" }, schema: schema45.type, parentSchema: schema45, data: data10 };
        vErrors === null ? vErrors = [err23] : vErrors.push(err23), errors++;
      }
    }
    if (data.neighbours !== void 0) {
      let data12 = data.neighbours;
      if (Array.isArray(data12)) {
        const len2 = data12.length;
        for (let i2 = 0; i2 < len2; i2++) {
          let data13 = data12[i2];
          if (typeof data13 == "string") {
            if (func2(data13) < 1) {
              const err24 = { instancePath: instancePath + "/neighbours/" + i2, schemaPath: "#/$defs/words/items/minLength", keyword: "minLength", params: { limit: 1 }, schema: 1, parentSchema: schema45.items, data: data13 };
              vErrors === null ? vErrors = [err24] : vErrors.push(err24), errors++;
            }
          } else {
            const err25 = { instancePath: instancePath + "/neighbours/" + i2, schemaPath: "#/$defs/words/items/type", keyword: "type", params: { type: "string" }, schema: schema45.items.type, parentSchema: schema45.items, data: data13 };
            vErrors === null ? vErrors = [err25] : vErrors.push(err25), errors++;
          }
        }
      } else {
        const err26 = { instancePath: instancePath + "/neighbours", schemaPath: "#/$defs/words/type", keyword: "type", params: { type: "array" }, schema: schema45.type, parentSchema: schema45, data: data12 };
        vErrors === null ? vErrors = [err26] : vErrors.push(err26), errors++;
      }
    }
    if (data.nat !== void 0 && (validate26(data.nat, { instancePath: instancePath + "/nat", parentData: data, parentDataProperty: "nat", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate26.errors : vErrors.concat(validate26.errors), errors = vErrors.length)), data.internet !== void 0) {
      let data15 = data.internet;
      if (typeof data15 != "boolean") {
        const err27 = { instancePath: instancePath + "/internet", schemaPath: "#/properties/internet/type", keyword: "type", params: { type: "boolean" }, schema: schema32.properties.internet.type, parentSchema: schema32.properties.internet, data: data15 };
        vErrors === null ? vErrors = [err27] : vErrors.push(err27), errors++;
      }
    }
    if (data.hosts !== void 0) {
      let data16 = data.hosts;
      if (data16 && typeof data16 == "object" && !Array.isArray(data16))
        for (const key5 in data16) {
          let data17 = data16[key5];
          if (typeof data17 == "string") {
            if (func2(data17) < 1) {
              const err28 = { instancePath: instancePath + "/hosts/" + key5.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/hosts/additionalProperties/minLength", keyword: "minLength", params: { limit: 1 }, schema: 1, parentSchema: schema32.properties.hosts.additionalProperties, data: data17 };
              vErrors === null ? vErrors = [err28] : vErrors.push(err28), errors++;
            }
          } else {
            const err29 = { instancePath: instancePath + "/hosts/" + key5.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/hosts/additionalProperties/type", keyword: "type", params: { type: "string" }, schema: schema32.properties.hosts.additionalProperties.type, parentSchema: schema32.properties.hosts.additionalProperties, data: data17 };
            vErrors === null ? vErrors = [err29] : vErrors.push(err29), errors++;
          }
        }
      else {
        const err30 = { instancePath: instancePath + "/hosts", schemaPath: "#/properties/hosts/type", keyword: "type", params: { type: "object" }, schema: schema32.properties.hosts.type, parentSchema: schema32.properties.hosts, data: data16 };
        vErrors === null ? vErrors = [err30] : vErrors.push(err30), errors++;
      }
    }
    if (data.setup !== void 0) {
      let data18 = data.setup;
      if (Array.isArray(data18)) {
        const len3 = data18.length;
        for (let i3 = 0; i3 < len3; i3++) {
          let data19 = data18[i3];
          if (typeof data19 != "string" && !Array.isArray(data19)) {
            const err31 = { instancePath: instancePath + "/setup/" + i3, schemaPath: "#/$defs/command/type", keyword: "type", params: { type: schema50.type }, schema: schema50.type, parentSchema: schema50, data: data19 };
            vErrors === null ? vErrors = [err31] : vErrors.push(err31), errors++;
          }
          if (typeof data19 == "string" && func2(data19) < 1) {
            const err32 = { instancePath: instancePath + "/setup/" + i3, schemaPath: "#/$defs/command/minLength", keyword: "minLength", params: { limit: 1 }, schema: 1, parentSchema: schema50, data: data19 };
            vErrors === null ? vErrors = [err32] : vErrors.push(err32), errors++;
          }
          if (Array.isArray(data19)) {
            if (data19.length < 1) {
              const err33 = { instancePath: instancePath + "/setup/" + i3, schemaPath: "#/$defs/command/minItems", keyword: "minItems", params: { limit: 1 }, schema: 1, parentSchema: schema50, data: data19 };
              vErrors === null ? vErrors = [err33] : vErrors.push(err33), errors++;
            }
            const len4 = data19.length;
            for (let i4 = 0; i4 < len4; i4++) {
              let data20 = data19[i4];
              if (typeof data20 != "string") {
                const err34 = { instancePath: instancePath + "/setup/" + i3 + "/" + i4, schemaPath: "#/$defs/command/items/type", keyword: "type", params: { type: "string" }, schema: schema50.items.type, parentSchema: schema50.items, data: data20 };
                vErrors === null ? vErrors = [err34] : vErrors.push(err34), errors++;
              }
            }
          }
        }
      } else {
        const err35 = { instancePath: instancePath + "/setup", schemaPath: "#/properties/setup/type", keyword: "type", params: { type: "array" }, schema: schema32.properties.setup.type, parentSchema: schema32.properties.setup, data: data18 };
        vErrors === null ? vErrors = [err35] : vErrors.push(err35), errors++;
      }
    }
    if (data.run !== void 0) {
      let data21 = data.run;
      if (data21 && typeof data21 == "object" && !Array.isArray(data21)) {
        for (const key6 in data21) {
          const _errs53 = errors;
          if (typeof key6 == "string" && !pattern19.test(key6)) {
            const err36 = { instancePath: instancePath + "/run", schemaPath: "#/properties/run/propertyNames/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z0-9_.-]+$" }, schema: "^[A-Za-z0-9_.-]+$", parentSchema: schema32.properties.run.propertyNames, data: key6, propertyName: key6 };
            vErrors === null ? vErrors = [err36] : vErrors.push(err36), errors++;
          }
          var valid20 = _errs53 === errors;
          if (!valid20) {
            const err37 = { instancePath: instancePath + "/run", schemaPath: "#/properties/run/propertyNames", keyword: "propertyNames", params: { propertyName: key6 }, schema: schema32.properties.run.propertyNames, parentSchema: schema32.properties.run, data: data21 };
            vErrors === null ? vErrors = [err37] : vErrors.push(err37), errors++;
          }
        }
        for (const key7 in data21)
          validate28(data21[key7], { instancePath: instancePath + "/run/" + key7.replace(/~/g, "~0").replace(/\//g, "~1"), parentData: data21, parentDataProperty: key7, rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate28.errors : vErrors.concat(validate28.errors), errors = vErrors.length);
      } else {
        const err38 = { instancePath: instancePath + "/run", schemaPath: "#/properties/run/type", keyword: "type", params: { type: "object" }, schema: schema32.properties.run.type, parentSchema: schema32.properties.run, data: data21 };
        vErrors === null ? vErrors = [err38] : vErrors.push(err38), errors++;
      }
    }
  }
  return validate21.errors = vErrors, errors === 0;
}
validate21.evaluated = { props: !0, dynamicProps: !1, dynamicItems: !1 };
const schema57 = { type: ["object", "null"], additionalProperties: !1, properties: { mtu: { $ref: "#/$defs/mtu" }, bridge: { type: "string", minLength: 1 } } };
function validate33(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0;
  const evaluated0 = validate33.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), !(data && typeof data == "object" && !Array.isArray(data)) && data !== null) {
    const err0 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: schema57.type }, schema: schema57.type, parentSchema: schema57, data };
    vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
  }
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data)
      if (!(key0 === "mtu" || key0 === "bridge")) {
        const err1 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, schema: !1, parentSchema: schema57, data };
        vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
      }
    if (data.mtu !== void 0) {
      let data0 = data.mtu;
      if (!(typeof data0 == "number" && !(data0 % 1) && !isNaN(data0) && isFinite(data0)) && typeof data0 != "string") {
        const err2 = { instancePath: instancePath + "/mtu", schemaPath: "#/$defs/mtu/type", keyword: "type", params: { type: schema36.type }, schema: schema36.type, parentSchema: schema36, data: data0 };
        vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
      }
      if (typeof data0 == "number" && isFinite(data0)) {
        if (data0 > 65535 || isNaN(data0)) {
          const err3 = { instancePath: instancePath + "/mtu", schemaPath: "#/$defs/mtu/maximum", keyword: "maximum", params: { comparison: "<=", limit: 65535 }, schema: 65535, parentSchema: schema36, data: data0 };
          vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
        }
        if (data0 < 68 || isNaN(data0)) {
          const err4 = { instancePath: instancePath + "/mtu", schemaPath: "#/$defs/mtu/minimum", keyword: "minimum", params: { comparison: ">=", limit: 68 }, schema: 68, parentSchema: schema36, data: data0 };
          vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
        }
      }
      if (typeof data0 == "string" && !pattern7.test(data0)) {
        const err5 = { instancePath: instancePath + "/mtu", schemaPath: "#/$defs/mtu/pattern", keyword: "pattern", params: { pattern: "^\\$\\{.*\\}$" }, schema: "^\\$\\{.*\\}$", parentSchema: schema36, data: data0 };
        vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
      }
    }
    if (data.bridge !== void 0) {
      let data1 = data.bridge;
      if (typeof data1 == "string") {
        if (func2(data1) < 1) {
          const err6 = { instancePath: instancePath + "/bridge", schemaPath: "#/properties/bridge/minLength", keyword: "minLength", params: { limit: 1 }, schema: 1, parentSchema: schema57.properties.bridge, data: data1 };
          vErrors === null ? vErrors = [err6] : vErrors.push(err6), errors++;
        }
      } else {
        const err7 = { instancePath: instancePath + "/bridge", schemaPath: "#/properties/bridge/type", keyword: "type", params: { type: "string" }, schema: schema57.properties.bridge.type, parentSchema: schema57.properties.bridge, data: data1 };
        vErrors === null ? vErrors = [err7] : vErrors.push(err7), errors++;
      }
    }
  }
  return validate33.errors = vErrors, errors === 0;
}
validate33.evaluated = { props: !0, dynamicProps: !1, dynamicItems: !1 };
const schema59 = { type: ["object", "null"], additionalProperties: !1, properties: { namespace: { type: "string", minLength: 1 }, container: { type: "string", minLength: 1 }, routes: { $ref: "#/$defs/words" } } };
function validate36(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0;
  const evaluated0 = validate36.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), !(data && typeof data == "object" && !Array.isArray(data)) && data !== null) {
    const err0 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: schema59.type }, schema: schema59.type, parentSchema: schema59, data };
    vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
  }
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data)
      if (!(key0 === "namespace" || key0 === "container" || key0 === "routes")) {
        const err1 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, schema: !1, parentSchema: schema59, data };
        vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
      }
    if (data.namespace !== void 0) {
      let data0 = data.namespace;
      if (typeof data0 == "string") {
        if (func2(data0) < 1) {
          const err2 = { instancePath: instancePath + "/namespace", schemaPath: "#/properties/namespace/minLength", keyword: "minLength", params: { limit: 1 }, schema: 1, parentSchema: schema59.properties.namespace, data: data0 };
          vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
        }
      } else {
        const err3 = { instancePath: instancePath + "/namespace", schemaPath: "#/properties/namespace/type", keyword: "type", params: { type: "string" }, schema: schema59.properties.namespace.type, parentSchema: schema59.properties.namespace, data: data0 };
        vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
      }
    }
    if (data.container !== void 0) {
      let data1 = data.container;
      if (typeof data1 == "string") {
        if (func2(data1) < 1) {
          const err4 = { instancePath: instancePath + "/container", schemaPath: "#/properties/container/minLength", keyword: "minLength", params: { limit: 1 }, schema: 1, parentSchema: schema59.properties.container, data: data1 };
          vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
        }
      } else {
        const err5 = { instancePath: instancePath + "/container", schemaPath: "#/properties/container/type", keyword: "type", params: { type: "string" }, schema: schema59.properties.container.type, parentSchema: schema59.properties.container, data: data1 };
        vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
      }
    }
    if (data.routes !== void 0) {
      let data2 = data.routes;
      if (Array.isArray(data2)) {
        const len0 = data2.length;
        for (let i0 = 0; i0 < len0; i0++) {
          let data3 = data2[i0];
          if (typeof data3 == "string") {
            if (func2(data3) < 1) {
              const err6 = { instancePath: instancePath + "/routes/" + i0, schemaPath: "#/$defs/words/items/minLength", keyword: "minLength", params: { limit: 1 }, schema: 1, parentSchema: schema45.items, data: data3 };
              vErrors === null ? vErrors = [err6] : vErrors.push(err6), errors++;
            }
          } else {
            const err7 = { instancePath: instancePath + "/routes/" + i0, schemaPath: "#/$defs/words/items/type", keyword: "type", params: { type: "string" }, schema: schema45.items.type, parentSchema: schema45.items, data: data3 };
            vErrors === null ? vErrors = [err7] : vErrors.push(err7), errors++;
          }
        }
      } else {
        const err8 = { instancePath: instancePath + "/routes", schemaPath: "#/$defs/words/type", keyword: "type", params: { type: "array" }, schema: schema45.type, parentSchema: schema45, data: data2 };
        vErrors === null ? vErrors = [err8] : vErrors.push(err8), errors++;
      }
    }
  }
  return validate36.errors = vErrors, errors === 0;
}
validate36.evaluated = { props: !0, dynamicProps: !1, dynamicItems: !1 };
const schema61 = { type: ["string", "object"], additionalProperties: !1, required: ["ends"], properties: { ends: { type: "array", minItems: 2, maxItems: 2, items: { $ref: "#/$defs/end" } }, mtu: { $ref: "#/$defs/mtu" }, impair: { $ref: "#/$defs/impairment" } } }, schema62 = { type: ["string", "object"], additionalProperties: !1, required: ["at"], properties: { at: { type: "string", minLength: 1 }, address: { $ref: "#/$defs/texts" }, mac: { $ref: "#/$defs/mac" }, impair: { $ref: "#/$defs/impairment" } } };
function validate39(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0;
  const evaluated0 = validate39.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), typeof data != "string" && !(data && typeof data == "object" && !Array.isArray(data))) {
    const err0 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: schema62.type }, schema: schema62.type, parentSchema: schema62, data };
    vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
  }
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.at === void 0) {
      const err1 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "at" }, schema: schema62.required, parentSchema: schema62, data };
      vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
    }
    for (const key0 in data)
      if (!(key0 === "at" || key0 === "address" || key0 === "mac" || key0 === "impair")) {
        const err2 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, schema: !1, parentSchema: schema62, data };
        vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
      }
    if (data.at !== void 0) {
      let data0 = data.at;
      if (typeof data0 == "string") {
        if (func2(data0) < 1) {
          const err3 = { instancePath: instancePath + "/at", schemaPath: "#/properties/at/minLength", keyword: "minLength", params: { limit: 1 }, schema: 1, parentSchema: schema62.properties.at, data: data0 };
          vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
        }
      } else {
        const err4 = { instancePath: instancePath + "/at", schemaPath: "#/properties/at/type", keyword: "type", params: { type: "string" }, schema: schema62.properties.at.type, parentSchema: schema62.properties.at, data: data0 };
        vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
      }
    }
    if (data.address !== void 0) {
      let data1 = data.address;
      if (typeof data1 != "string" && !Array.isArray(data1)) {
        const err5 = { instancePath: instancePath + "/address", schemaPath: "#/$defs/texts/type", keyword: "type", params: { type: schema34.type }, schema: schema34.type, parentSchema: schema34, data: data1 };
        vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
      }
      if (typeof data1 == "string" && func2(data1) < 1) {
        const err6 = { instancePath: instancePath + "/address", schemaPath: "#/$defs/texts/minLength", keyword: "minLength", params: { limit: 1 }, schema: 1, parentSchema: schema34, data: data1 };
        vErrors === null ? vErrors = [err6] : vErrors.push(err6), errors++;
      }
      if (Array.isArray(data1)) {
        const len0 = data1.length;
        for (let i0 = 0; i0 < len0; i0++) {
          let data2 = data1[i0];
          if (typeof data2 == "string") {
            if (func2(data2) < 1) {
              const err7 = { instancePath: instancePath + "/address/" + i0, schemaPath: "#/$defs/texts/items/minLength", keyword: "minLength", params: { limit: 1 }, schema: 1, parentSchema: schema34.items, data: data2 };
              vErrors === null ? vErrors = [err7] : vErrors.push(err7), errors++;
            }
          } else {
            const err8 = { instancePath: instancePath + "/address/" + i0, schemaPath: "#/$defs/texts/items/type", keyword: "type", params: { type: "string" }, schema: schema34.items.type, parentSchema: schema34.items, data: data2 };
            vErrors === null ? vErrors = [err8] : vErrors.push(err8), errors++;
          }
        }
      }
    }
    if (data.mac !== void 0) {
      let data3 = data.mac;
      if (typeof data3 == "string") {
        if (!pattern10.test(data3)) {
          const err9 = { instancePath: instancePath + "/mac", schemaPath: "#/$defs/mac/pattern", keyword: "pattern", params: { pattern: "^(([0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}|\\$\\{.*\\})$" }, schema: "^(([0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}|\\$\\{.*\\})$", parentSchema: schema35, data: data3 };
          vErrors === null ? vErrors = [err9] : vErrors.push(err9), errors++;
        }
      } else {
        const err10 = { instancePath: instancePath + "/mac", schemaPath: "#/$defs/mac/type", keyword: "type", params: { type: "string" }, schema: schema35.type, parentSchema: schema35, data: data3 };
        vErrors === null ? vErrors = [err10] : vErrors.push(err10), errors++;
      }
    }
    data.impair !== void 0 && (validate23(data.impair, { instancePath: instancePath + "/impair", parentData: data, parentDataProperty: "impair", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate23.errors : vErrors.concat(validate23.errors), errors = vErrors.length));
  }
  return validate39.errors = vErrors, errors === 0;
}
validate39.evaluated = { props: !0, dynamicProps: !1, dynamicItems: !1 };
function validate38(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0;
  const evaluated0 = validate38.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), typeof data != "string" && !(data && typeof data == "object" && !Array.isArray(data))) {
    const err0 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: schema61.type }, schema: schema61.type, parentSchema: schema61, data };
    vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
  }
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.ends === void 0) {
      const err1 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "ends" }, schema: schema61.required, parentSchema: schema61, data };
      vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
    }
    for (const key0 in data)
      if (!(key0 === "ends" || key0 === "mtu" || key0 === "impair")) {
        const err2 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, schema: !1, parentSchema: schema61, data };
        vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
      }
    if (data.ends !== void 0) {
      let data0 = data.ends;
      if (Array.isArray(data0)) {
        if (data0.length > 2) {
          const err3 = { instancePath: instancePath + "/ends", schemaPath: "#/properties/ends/maxItems", keyword: "maxItems", params: { limit: 2 }, schema: 2, parentSchema: schema61.properties.ends, data: data0 };
          vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
        }
        if (data0.length < 2) {
          const err4 = { instancePath: instancePath + "/ends", schemaPath: "#/properties/ends/minItems", keyword: "minItems", params: { limit: 2 }, schema: 2, parentSchema: schema61.properties.ends, data: data0 };
          vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
        }
        const len0 = data0.length;
        for (let i0 = 0; i0 < len0; i0++)
          validate39(data0[i0], { instancePath: instancePath + "/ends/" + i0, parentData: data0, parentDataProperty: i0, rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate39.errors : vErrors.concat(validate39.errors), errors = vErrors.length);
      } else {
        const err5 = { instancePath: instancePath + "/ends", schemaPath: "#/properties/ends/type", keyword: "type", params: { type: "array" }, schema: schema61.properties.ends.type, parentSchema: schema61.properties.ends, data: data0 };
        vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
      }
    }
    if (data.mtu !== void 0) {
      let data2 = data.mtu;
      if (!(typeof data2 == "number" && !(data2 % 1) && !isNaN(data2) && isFinite(data2)) && typeof data2 != "string") {
        const err6 = { instancePath: instancePath + "/mtu", schemaPath: "#/$defs/mtu/type", keyword: "type", params: { type: schema36.type }, schema: schema36.type, parentSchema: schema36, data: data2 };
        vErrors === null ? vErrors = [err6] : vErrors.push(err6), errors++;
      }
      if (typeof data2 == "number" && isFinite(data2)) {
        if (data2 > 65535 || isNaN(data2)) {
          const err7 = { instancePath: instancePath + "/mtu", schemaPath: "#/$defs/mtu/maximum", keyword: "maximum", params: { comparison: "<=", limit: 65535 }, schema: 65535, parentSchema: schema36, data: data2 };
          vErrors === null ? vErrors = [err7] : vErrors.push(err7), errors++;
        }
        if (data2 < 68 || isNaN(data2)) {
          const err8 = { instancePath: instancePath + "/mtu", schemaPath: "#/$defs/mtu/minimum", keyword: "minimum", params: { comparison: ">=", limit: 68 }, schema: 68, parentSchema: schema36, data: data2 };
          vErrors === null ? vErrors = [err8] : vErrors.push(err8), errors++;
        }
      }
      if (typeof data2 == "string" && !pattern7.test(data2)) {
        const err9 = { instancePath: instancePath + "/mtu", schemaPath: "#/$defs/mtu/pattern", keyword: "pattern", params: { pattern: "^\\$\\{.*\\}$" }, schema: "^\\$\\{.*\\}$", parentSchema: schema36, data: data2 };
        vErrors === null ? vErrors = [err9] : vErrors.push(err9), errors++;
      }
    }
    data.impair !== void 0 && (validate23(data.impair, { instancePath: instancePath + "/impair", parentData: data, parentDataProperty: "impair", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate23.errors : vErrors.concat(validate23.errors), errors = vErrors.length));
  }
  return validate38.errors = vErrors, errors === 0;
}
validate38.evaluated = { props: !0, dynamicProps: !1, dynamicItems: !1 };
const schema66 = { type: ["string", "object"], minLength: 1, additionalProperties: !1, properties: { check: { type: "string", minLength: 1 }, not: { type: "string", minLength: 1 }, within: { $ref: "#/$defs/duration" } } };
function validate44(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0;
  const evaluated0 = validate44.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), typeof data != "string" && !(data && typeof data == "object" && !Array.isArray(data))) {
    const err0 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: schema66.type }, schema: schema66.type, parentSchema: schema66, data };
    vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
  }
  if (typeof data == "string" && func2(data) < 1) {
    const err1 = { instancePath, schemaPath: "#/minLength", keyword: "minLength", params: { limit: 1 }, schema: 1, parentSchema: schema66, data };
    vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
  }
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data)
      if (!(key0 === "check" || key0 === "not" || key0 === "within")) {
        const err2 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, schema: !1, parentSchema: schema66, data };
        vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
      }
    if (data.check !== void 0) {
      let data0 = data.check;
      if (typeof data0 == "string") {
        if (func2(data0) < 1) {
          const err3 = { instancePath: instancePath + "/check", schemaPath: "#/properties/check/minLength", keyword: "minLength", params: { limit: 1 }, schema: 1, parentSchema: schema66.properties.check, data: data0 };
          vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
        }
      } else {
        const err4 = { instancePath: instancePath + "/check", schemaPath: "#/properties/check/type", keyword: "type", params: { type: "string" }, schema: schema66.properties.check.type, parentSchema: schema66.properties.check, data: data0 };
        vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
      }
    }
    if (data.not !== void 0) {
      let data1 = data.not;
      if (typeof data1 == "string") {
        if (func2(data1) < 1) {
          const err5 = { instancePath: instancePath + "/not", schemaPath: "#/properties/not/minLength", keyword: "minLength", params: { limit: 1 }, schema: 1, parentSchema: schema66.properties.not, data: data1 };
          vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
        }
      } else {
        const err6 = { instancePath: instancePath + "/not", schemaPath: "#/properties/not/type", keyword: "type", params: { type: "string" }, schema: schema66.properties.not.type, parentSchema: schema66.properties.not, data: data1 };
        vErrors === null ? vErrors = [err6] : vErrors.push(err6), errors++;
      }
    }
    if (data.within !== void 0) {
      let data2 = data.within;
      if (typeof data2 != "string" && !(typeof data2 == "number" && isFinite(data2))) {
        const err7 = { instancePath: instancePath + "/within", schemaPath: "#/$defs/duration/type", keyword: "type", params: { type: schema38.type }, schema: schema38.type, parentSchema: schema38, data: data2 };
        vErrors === null ? vErrors = [err7] : vErrors.push(err7), errors++;
      }
      if (typeof data2 == "number" && isFinite(data2) && (data2 < 0 || isNaN(data2))) {
        const err8 = { instancePath: instancePath + "/within", schemaPath: "#/$defs/duration/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 }, schema: 0, parentSchema: schema38, data: data2 };
        vErrors === null ? vErrors = [err8] : vErrors.push(err8), errors++;
      }
      if (typeof data2 == "string" && !pattern12.test(data2)) {
        const err9 = { instancePath: instancePath + "/within", schemaPath: "#/$defs/duration/pattern", keyword: "pattern", params: { pattern: "^([0-9]+(\\.[0-9]+)?(us|ms|s|m)|\\$\\{.*\\})$" }, schema: "^([0-9]+(\\.[0-9]+)?(us|ms|s|m)|\\$\\{.*\\})$", parentSchema: schema38, data: data2 };
        vErrors === null ? vErrors = [err9] : vErrors.push(err9), errors++;
      }
    }
  }
  return validate44.errors = vErrors, errors === 0;
}
validate44.evaluated = { props: !0, dynamicProps: !1, dynamicItems: !1 };
function validate20(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0;
  const evaluated0 = validate20.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), data && typeof data == "object" && !Array.isArray(data)) {
    if (data.nodes === void 0) {
      const err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "nodes" }, schema: schema31.required, parentSchema: schema31, data };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
    for (const key0 in data)
      if (!func1.call(schema31.properties, key0)) {
        const err1 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, schema: !1, parentSchema: schema31, data };
        vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
      }
    if (data.$schema !== void 0) {
      let data0 = data.$schema;
      if (typeof data0 != "string") {
        const err2 = { instancePath: instancePath + "/$schema", schemaPath: "#/properties/%24schema/type", keyword: "type", params: { type: "string" }, schema: schema31.properties.$schema.type, parentSchema: schema31.properties.$schema, data: data0 };
        vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
      }
    }
    if (data.lab !== void 0) {
      let data1 = data.lab;
      if (typeof data1 == "string") {
        if (func2(data1) > 40) {
          const err3 = { instancePath: instancePath + "/lab", schemaPath: "#/properties/lab/maxLength", keyword: "maxLength", params: { limit: 40 }, schema: 40, parentSchema: schema31.properties.lab, data: data1 };
          vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
        }
        if (!pattern4.test(data1)) {
          const err4 = { instancePath: instancePath + "/lab", schemaPath: "#/properties/lab/pattern", keyword: "pattern", params: { pattern: "^[a-z][a-z0-9-]*$" }, schema: "^[a-z][a-z0-9-]*$", parentSchema: schema31.properties.lab, data: data1 };
          vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
        }
      } else {
        const err5 = { instancePath: instancePath + "/lab", schemaPath: "#/properties/lab/type", keyword: "type", params: { type: "string" }, schema: schema31.properties.lab.type, parentSchema: schema31.properties.lab, data: data1 };
        vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
      }
    }
    if (data.vars !== void 0) {
      let data2 = data.vars;
      if (data2 && typeof data2 == "object" && !Array.isArray(data2)) {
        for (const key1 in data2) {
          const _errs8 = errors;
          if (typeof key1 == "string" && !pattern5.test(key1)) {
            const err6 = { instancePath: instancePath + "/vars", schemaPath: "#/properties/vars/propertyNames/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z_][A-Za-z0-9_]*$" }, schema: "^[A-Za-z_][A-Za-z0-9_]*$", parentSchema: schema31.properties.vars.propertyNames, data: key1, propertyName: key1 };
            vErrors === null ? vErrors = [err6] : vErrors.push(err6), errors++;
          }
          var valid1 = _errs8 === errors;
          if (!valid1) {
            const err7 = { instancePath: instancePath + "/vars", schemaPath: "#/properties/vars/propertyNames", keyword: "propertyNames", params: { propertyName: key1 }, schema: schema31.properties.vars.propertyNames, parentSchema: schema31.properties.vars, data: data2 };
            vErrors === null ? vErrors = [err7] : vErrors.push(err7), errors++;
          }
        }
        for (const key2 in data2) {
          let data3 = data2[key2];
          if (typeof data3 != "string" && !(typeof data3 == "number" && isFinite(data3)) && typeof data3 != "boolean") {
            const err8 = { instancePath: instancePath + "/vars/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/vars/additionalProperties/type", keyword: "type", params: { type: schema31.properties.vars.additionalProperties.type }, schema: schema31.properties.vars.additionalProperties.type, parentSchema: schema31.properties.vars.additionalProperties, data: data3 };
            vErrors === null ? vErrors = [err8] : vErrors.push(err8), errors++;
          }
        }
      } else {
        const err9 = { instancePath: instancePath + "/vars", schemaPath: "#/properties/vars/type", keyword: "type", params: { type: "object" }, schema: schema31.properties.vars.type, parentSchema: schema31.properties.vars, data: data2 };
        vErrors === null ? vErrors = [err9] : vErrors.push(err9), errors++;
      }
    }
    if (data.include !== void 0) {
      let data4 = data.include;
      if (typeof data4 != "string" && !Array.isArray(data4)) {
        const err10 = { instancePath: instancePath + "/include", schemaPath: "#/properties/include/type", keyword: "type", params: { type: schema31.properties.include.type }, schema: schema31.properties.include.type, parentSchema: schema31.properties.include, data: data4 };
        vErrors === null ? vErrors = [err10] : vErrors.push(err10), errors++;
      }
      if (typeof data4 == "string" && func2(data4) < 1) {
        const err11 = { instancePath: instancePath + "/include", schemaPath: "#/properties/include/minLength", keyword: "minLength", params: { limit: 1 }, schema: 1, parentSchema: schema31.properties.include, data: data4 };
        vErrors === null ? vErrors = [err11] : vErrors.push(err11), errors++;
      }
      if (Array.isArray(data4)) {
        const len0 = data4.length;
        for (let i0 = 0; i0 < len0; i0++) {
          let data5 = data4[i0];
          if (typeof data5 == "string") {
            if (func2(data5) < 1) {
              const err12 = { instancePath: instancePath + "/include/" + i0, schemaPath: "#/properties/include/items/minLength", keyword: "minLength", params: { limit: 1 }, schema: 1, parentSchema: schema31.properties.include.items, data: data5 };
              vErrors === null ? vErrors = [err12] : vErrors.push(err12), errors++;
            }
          } else {
            const err13 = { instancePath: instancePath + "/include/" + i0, schemaPath: "#/properties/include/items/type", keyword: "type", params: { type: "string" }, schema: schema31.properties.include.items.type, parentSchema: schema31.properties.include.items, data: data5 };
            vErrors === null ? vErrors = [err13] : vErrors.push(err13), errors++;
          }
        }
      }
    }
    if (data.hosts !== void 0) {
      let data6 = data.hosts;
      if (typeof data6 != "boolean") {
        const err14 = { instancePath: instancePath + "/hosts", schemaPath: "#/properties/hosts/type", keyword: "type", params: { type: "boolean" }, schema: schema31.properties.hosts.type, parentSchema: schema31.properties.hosts, data: data6 };
        vErrors === null ? vErrors = [err14] : vErrors.push(err14), errors++;
      }
    }
    if (data.templates !== void 0) {
      let data7 = data.templates;
      if (data7 && typeof data7 == "object" && !Array.isArray(data7)) {
        for (const key3 in data7) {
          const _errs20 = errors;
          if (typeof key3 == "string" && !pattern6.test(key3)) {
            const err15 = { instancePath: instancePath + "/templates", schemaPath: "#/properties/templates/propertyNames/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z_][A-Za-z0-9_-]*$" }, schema: "^[A-Za-z_][A-Za-z0-9_-]*$", parentSchema: schema31.properties.templates.propertyNames, data: key3, propertyName: key3 };
            vErrors === null ? vErrors = [err15] : vErrors.push(err15), errors++;
          }
          var valid5 = _errs20 === errors;
          if (!valid5) {
            const err16 = { instancePath: instancePath + "/templates", schemaPath: "#/properties/templates/propertyNames", keyword: "propertyNames", params: { propertyName: key3 }, schema: schema31.properties.templates.propertyNames, parentSchema: schema31.properties.templates, data: data7 };
            vErrors === null ? vErrors = [err16] : vErrors.push(err16), errors++;
          }
        }
        for (const key4 in data7)
          validate21(data7[key4], { instancePath: instancePath + "/templates/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"), parentData: data7, parentDataProperty: key4, rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate21.errors : vErrors.concat(validate21.errors), errors = vErrors.length);
      } else {
        const err17 = { instancePath: instancePath + "/templates", schemaPath: "#/properties/templates/type", keyword: "type", params: { type: "object" }, schema: schema31.properties.templates.type, parentSchema: schema31.properties.templates, data: data7 };
        vErrors === null ? vErrors = [err17] : vErrors.push(err17), errors++;
      }
    }
    if (data.networks !== void 0) {
      let data9 = data.networks;
      if (data9 && typeof data9 == "object" && !Array.isArray(data9)) {
        for (const key5 in data9) {
          const _errs25 = errors;
          if (typeof key5 == "string") {
            if (func2(key5) > 15) {
              const err18 = { instancePath: instancePath + "/networks", schemaPath: "#/properties/networks/propertyNames/maxLength", keyword: "maxLength", params: { limit: 15 }, schema: 15, parentSchema: schema31.properties.networks.propertyNames, data: key5, propertyName: key5 };
              vErrors === null ? vErrors = [err18] : vErrors.push(err18), errors++;
            }
            if (!pattern4.test(key5)) {
              const err19 = { instancePath: instancePath + "/networks", schemaPath: "#/properties/networks/propertyNames/pattern", keyword: "pattern", params: { pattern: "^[a-z][a-z0-9-]*$" }, schema: "^[a-z][a-z0-9-]*$", parentSchema: schema31.properties.networks.propertyNames, data: key5, propertyName: key5 };
              vErrors === null ? vErrors = [err19] : vErrors.push(err19), errors++;
            }
          }
          var valid7 = _errs25 === errors;
          if (!valid7) {
            const err20 = { instancePath: instancePath + "/networks", schemaPath: "#/properties/networks/propertyNames", keyword: "propertyNames", params: { propertyName: key5 }, schema: schema31.properties.networks.propertyNames, parentSchema: schema31.properties.networks, data: data9 };
            vErrors === null ? vErrors = [err20] : vErrors.push(err20), errors++;
          }
        }
        for (const key6 in data9)
          validate33(data9[key6], { instancePath: instancePath + "/networks/" + key6.replace(/~/g, "~0").replace(/\//g, "~1"), parentData: data9, parentDataProperty: key6, rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate33.errors : vErrors.concat(validate33.errors), errors = vErrors.length);
      } else {
        const err21 = { instancePath: instancePath + "/networks", schemaPath: "#/properties/networks/type", keyword: "type", params: { type: "object" }, schema: schema31.properties.networks.type, parentSchema: schema31.properties.networks, data: data9 };
        vErrors === null ? vErrors = [err21] : vErrors.push(err21), errors++;
      }
    }
    if (data.nodes !== void 0) {
      let data11 = data.nodes;
      if (data11 && typeof data11 == "object" && !Array.isArray(data11)) {
        for (const key7 in data11) {
          const _errs30 = errors;
          if (typeof key7 == "string") {
            if (func2(key7) > 40) {
              const err22 = { instancePath: instancePath + "/nodes", schemaPath: "#/properties/nodes/propertyNames/maxLength", keyword: "maxLength", params: { limit: 40 }, schema: 40, parentSchema: schema31.properties.nodes.propertyNames, data: key7, propertyName: key7 };
              vErrors === null ? vErrors = [err22] : vErrors.push(err22), errors++;
            }
            if (!pattern4.test(key7)) {
              const err23 = { instancePath: instancePath + "/nodes", schemaPath: "#/properties/nodes/propertyNames/pattern", keyword: "pattern", params: { pattern: "^[a-z][a-z0-9-]*$" }, schema: "^[a-z][a-z0-9-]*$", parentSchema: schema31.properties.nodes.propertyNames, data: key7, propertyName: key7 };
              vErrors === null ? vErrors = [err23] : vErrors.push(err23), errors++;
            }
          }
          var valid9 = _errs30 === errors;
          if (!valid9) {
            const err24 = { instancePath: instancePath + "/nodes", schemaPath: "#/properties/nodes/propertyNames", keyword: "propertyNames", params: { propertyName: key7 }, schema: schema31.properties.nodes.propertyNames, parentSchema: schema31.properties.nodes, data: data11 };
            vErrors === null ? vErrors = [err24] : vErrors.push(err24), errors++;
          }
        }
        for (const key8 in data11)
          validate21(data11[key8], { instancePath: instancePath + "/nodes/" + key8.replace(/~/g, "~0").replace(/\//g, "~1"), parentData: data11, parentDataProperty: key8, rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate21.errors : vErrors.concat(validate21.errors), errors = vErrors.length);
      } else {
        const err25 = { instancePath: instancePath + "/nodes", schemaPath: "#/properties/nodes/type", keyword: "type", params: { type: "object" }, schema: schema31.properties.nodes.type, parentSchema: schema31.properties.nodes, data: data11 };
        vErrors === null ? vErrors = [err25] : vErrors.push(err25), errors++;
      }
    }
    if (data.external !== void 0) {
      let data13 = data.external;
      if (data13 && typeof data13 == "object" && !Array.isArray(data13)) {
        for (const key9 in data13) {
          const _errs35 = errors;
          if (typeof key9 == "string") {
            if (func2(key9) > 40) {
              const err26 = { instancePath: instancePath + "/external", schemaPath: "#/properties/external/propertyNames/maxLength", keyword: "maxLength", params: { limit: 40 }, schema: 40, parentSchema: schema31.properties.external.propertyNames, data: key9, propertyName: key9 };
              vErrors === null ? vErrors = [err26] : vErrors.push(err26), errors++;
            }
            if (!pattern4.test(key9)) {
              const err27 = { instancePath: instancePath + "/external", schemaPath: "#/properties/external/propertyNames/pattern", keyword: "pattern", params: { pattern: "^[a-z][a-z0-9-]*$" }, schema: "^[a-z][a-z0-9-]*$", parentSchema: schema31.properties.external.propertyNames, data: key9, propertyName: key9 };
              vErrors === null ? vErrors = [err27] : vErrors.push(err27), errors++;
            }
          }
          var valid11 = _errs35 === errors;
          if (!valid11) {
            const err28 = { instancePath: instancePath + "/external", schemaPath: "#/properties/external/propertyNames", keyword: "propertyNames", params: { propertyName: key9 }, schema: schema31.properties.external.propertyNames, parentSchema: schema31.properties.external, data: data13 };
            vErrors === null ? vErrors = [err28] : vErrors.push(err28), errors++;
          }
        }
        for (const key10 in data13)
          validate36(data13[key10], { instancePath: instancePath + "/external/" + key10.replace(/~/g, "~0").replace(/\//g, "~1"), parentData: data13, parentDataProperty: key10, rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate36.errors : vErrors.concat(validate36.errors), errors = vErrors.length);
      } else {
        const err29 = { instancePath: instancePath + "/external", schemaPath: "#/properties/external/type", keyword: "type", params: { type: "object" }, schema: schema31.properties.external.type, parentSchema: schema31.properties.external, data: data13 };
        vErrors === null ? vErrors = [err29] : vErrors.push(err29), errors++;
      }
    }
    if (data.links !== void 0) {
      let data15 = data.links;
      if (Array.isArray(data15)) {
        const len1 = data15.length;
        for (let i1 = 0; i1 < len1; i1++)
          validate38(data15[i1], { instancePath: instancePath + "/links/" + i1, parentData: data15, parentDataProperty: i1, rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate38.errors : vErrors.concat(validate38.errors), errors = vErrors.length);
      } else {
        const err30 = { instancePath: instancePath + "/links", schemaPath: "#/properties/links/type", keyword: "type", params: { type: "array" }, schema: schema31.properties.links.type, parentSchema: schema31.properties.links, data: data15 };
        vErrors === null ? vErrors = [err30] : vErrors.push(err30), errors++;
      }
    }
    if (data.checks !== void 0) {
      let data17 = data.checks;
      if (Array.isArray(data17)) {
        const len2 = data17.length;
        for (let i2 = 0; i2 < len2; i2++)
          validate44(data17[i2], { instancePath: instancePath + "/checks/" + i2, parentData: data17, parentDataProperty: i2, rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate44.errors : vErrors.concat(validate44.errors), errors = vErrors.length);
      } else {
        const err31 = { instancePath: instancePath + "/checks", schemaPath: "#/properties/checks/type", keyword: "type", params: { type: "array" }, schema: schema31.properties.checks.type, parentSchema: schema31.properties.checks, data: data17 };
        vErrors === null ? vErrors = [err31] : vErrors.push(err31), errors++;
      }
    }
  } else {
    const err32 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, schema: schema31.type, parentSchema: schema31, data };
    vErrors === null ? vErrors = [err32] : vErrors.push(err32), errors++;
  }
  return validate20.errors = vErrors, errors === 0;
}
validate20.evaluated = { props: !0, dynamicProps: !1, dynamicItems: !1 };
