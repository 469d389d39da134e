//! Fictitious people and their duties.

use std::collections::BTreeSet;

use crate::model::{LayerName, Staff, Time, Validity};

use super::DemoError;
use super::dice::Dice;
use super::ground::{Ground, Unit};
use super::sheets::Sheets;
use super::written::WrittenStaff;

/// The commonest family names.
const SURNAMES: [&str; 40] = [
    "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡", "郭",
    "何", "高", "林", "罗", "郑", "梁", "谢", "宋", "唐", "许", "韩", "冯", "邓", "曹", "彭", "曾",
    "肖", "田", "董", "袁", "潘", "于", "蒋", "蔡",
];
/// Given names are one or two of these.
const GIVEN: [&str; 48] = [
    "伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟", "涛", "明",
    "超", "秀", "霞", "平", "刚", "桂", "英", "华", "玉", "兰", "红", "建", "国", "文", "志", "海",
    "晓", "春", "燕", "波", "斌", "宇", "浩", "凯", "雪", "梅", "琳", "鹏", "辉", "慧", "颖", "欣",
];

/// A name that is no one's in particular.
pub(super) fn person(dice: &mut Dice) -> String {
    let mut name = String::new();
    name.extend(dice.pick(&SURNAMES).copied());
    name.extend(dice.pick(&GIVEN).copied());
    if dice.unit() < 0.7 {
        name.extend(dice.pick(&GIVEN).copied());
    }
    name
}

/// A made-up number: no area code and no mobile prefix begins with 000, so none can be dialled.
pub(super) fn phone(dice: &mut Dice) -> String {
    format!("000-0000-{:04}", dice.below(10_000))
}

/// Appends the duties of a place, common ones first.
pub(super) fn write(
    ground: &Ground,
    sheets: &Sheets,
    staff: &mut Vec<Staff>,
) -> Result<(), DemoError> {
    let place = ground.place;
    let mut taken = BTreeSet::new();
    for written in place.common_staff.iter().chain(&place.written.staff) {
        let words = format!("{}/{}/{}", place.code, written.layer, written.role);
        let mut dice = Dice::named(&words);
        let layer: LayerName = sheets.layer(&written.layer)?.name.clone();
        let codes = codes(ground, sheets, written)?;
        let turns = if written.count > 0 {
            written.count
        } else {
            codes.len() * written.each
        };
        let codes = codes.iter().cycle().take(turns);
        for (turn, code) in (1..).zip(codes) {
            for validity in terms(written, turn)? {
                let name = namesake_free(&mut taken, written, code, &mut dice);
                staff.push(Staff {
                    layer: layer.clone(),
                    code: code.as_str().into(),
                    role: written.role.as_str().into(),
                    name: name.into(),
                    phone: Some(phone(&mut dice).into()),
                    validity,
                });
            }
        }
    }
    Ok(())
}

/// A name that nobody else has in the same role of the same grid: the store tells people apart by it.
fn namesake_free(
    taken: &mut BTreeSet<[String; 4]>,
    written: &WrittenStaff,
    code: &str,
    dice: &mut Dice,
) -> String {
    let [layer, role] = [&written.layer, &written.role];
    loop {
        let name = person(dice);
        let key = [layer, code, role, &name].map(str::to_owned);
        if taken.insert(key) {
            return name;
        }
    }
}

/// Codes of the place's grids that a duty is for.
fn codes(
    ground: &Ground,
    sheets: &Sheets,
    written: &WrittenStaff,
) -> Result<Vec<String>, DemoError> {
    let of = |units: &[Unit]| {
        let units = units.iter().filter(|unit| {
            let wanted = written.town;
            wanted.is_none_or(|town| unit.town == town)
        });
        Ok(units.map(|unit| unit.code.clone()).collect())
    };
    match written.layer.as_str() {
        "base.county" => of(std::slice::from_ref(&ground.county)),
        "base.street" => of(&ground.streets),
        "base.community" => of(&ground.communities),
        "base.grid" => of(&ground.grids),
        "base.micro_grid" => of(&ground.micro_grids),
        other => {
            let features = sheets.features(other)?.iter();
            let codes = features.filter_map(|feature| feature.code.as_deref());
            let own = codes.filter(|code| code.starts_with(&ground.place.code));
            Ok(own.map(str::to_owned).collect())
        }
    }
}

/// The terms of one duty: one, or a predecessor's and a successor's.
fn terms(written: &WrittenStaff, turn: usize) -> Result<Vec<Validity>, DemoError> {
    let time = |text: &Option<String>| text.as_deref().map(str::parse::<Time>).transpose();
    let (from, change) = (time(&written.from)?, time(&written.handover_at)?);
    let changes = written.handover_every > 0 && turn.is_multiple_of(written.handover_every);
    if changes && change.is_some() {
        let before = Validity { from, to: change };
        let after = Validity {
            from: change,
            to: None,
        };
        return Ok(vec![before, after]);
    }
    Ok(vec![Validity { from, to: None }])
}
