//! A row of small charts as SVG, both axes logarithmic; readable on light and on dark pages.

use std::fmt::Write;

/// A line of points, named beside its last one.
pub(crate) struct Series {
    pub name: &'static str,
    /// Leaves, and what was measured; both above 0.
    pub points: Vec<(f64, f64)>,
}

/// One chart.
pub(crate) struct Panel {
    pub title: &'static str,
    pub series: Vec<Series>,
}

const WIDTH: f64 = 430.0;
const HEIGHT: f64 = 290.0;
/// Room around the plot of a panel: left, top, right, bottom.
const ROOM: (f64, f64, f64, f64) = (58.0, 44.0, 30.0, 46.0);
/// Lines that are told apart on white and on black, also by those who see no red or green.
const COLORS: [&str; 2] = ["#2a7de1", "#d9730d"];

const STYLE: &str = "text{font:12px system-ui,sans-serif;fill:#57606a}.title{font-weight:600;font-size:14px;fill:#24292f}\
.grid{stroke:#8c959f;stroke-opacity:.3}.axis{stroke:#8c959f}.line{fill:none;stroke-width:2.2}\
@media(prefers-color-scheme:dark){text{fill:#9da7b3}.title{fill:#e6edf3}}";

/// From decade to decade around some values.
#[derive(Clone, Copy)]
struct Axis {
    low: i32,
    high: i32,
    start: f64,
    end: f64,
}

impl Axis {
    fn around(values: impl Iterator<Item = f64> + Clone, start: f64, end: f64) -> Self {
        #[expect(clippy::cast_possible_truncation, reason = "decades are few")]
        let decade = |value: f64| value as i32;
        let low = values.clone().fold(f64::INFINITY, f64::min).log10().floor();
        let high = values.fold(f64::NEG_INFINITY, f64::max).log10().ceil();
        let (low, high) = (decade(low), decade(high));
        Self {
            low,
            high: high.max(low + 1),
            start,
            end,
        }
    }

    fn place(self, value: f64) -> f64 {
        let share = (value.log10() - f64::from(self.low)) / f64::from(self.high - self.low);
        self.start + share * (self.end - self.start)
    }

    fn decades(self) -> impl Iterator<Item = (f64, String)> {
        (self.low..=self.high).map(move |power| {
            let value = 10f64.powi(power);
            let text = match power {
                -3..=3 => format!("{value}"),
                4..=5 => format!("{} k", value / 1e3),
                6..=8 => format!("{} M", value / 1e6),
                _ => format!("1e{power}"),
            };
            (self.place(value), text)
        })
    }
}

/// A measured value, three digits of it.
fn short(value: f64) -> String {
    match value {
        _ if value >= 100.0 => format!("{value:.0}"),
        _ if value >= 10.0 => format!("{value:.1}"),
        _ if value >= 1.0 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

fn axes(out: &mut String, panel: &Panel, x: Axis, y: Axis) -> std::fmt::Result {
    writeln!(
        out,
        "<text class='title' x='{:.0}' y='20'>{}</text>",
        x.start, panel.title
    )?;
    for (place, text) in x.decades() {
        writeln!(
            out,
            "<path class='grid' d='M{place:.1} {:.1}V{:.1}'/><text text-anchor='middle' x='{place:.1}' y='{:.1}'>{text}</text>",
            y.start,
            y.end,
            y.start + 18.0
        )?;
    }
    for (place, text) in y.decades() {
        writeln!(
            out,
            "<path class='grid' d='M{:.1} {place:.1}H{:.1}'/><text text-anchor='end' x='{:.1}' y='{:.1}'>{text}</text>",
            x.start,
            x.end,
            x.start - 7.0,
            place + 4.0
        )?;
    }
    writeln!(
        out,
        "<path class='axis' fill='none' d='M{0:.1} {1:.1}V{2:.1}H{3:.1}'/><text text-anchor='middle' x='{4:.1}' y='{5:.1}'>leaves</text>",
        x.start,
        y.end,
        y.start,
        x.end,
        f64::midpoint(x.start, x.end),
        y.start + 36.0
    )
}

fn line(out: &mut String, series: &Series, color: &str, x: Axis, y: Axis) -> std::fmt::Result {
    let places = series
        .points
        .iter()
        .map(|&(at, value)| (x.place(at), y.place(value)));
    let path: Vec<String> = places
        .clone()
        .map(|(x, y)| format!("{x:.1} {y:.1}"))
        .collect();
    writeln!(
        out,
        "<path class='line' stroke='{color}' d='M{}'/>",
        path.join("L")
    )?;
    for (place, (_, value)) in places.clone().zip(&series.points) {
        writeln!(
            out,
            "<circle cx='{0:.1}' cy='{1:.1}' r='3.5' fill='{color}'/><text text-anchor='middle' x='{0:.1}' y='{2:.1}'>{3}</text>",
            place.0,
            place.1,
            place.1 - 9.0,
            short(*value)
        )?;
    }
    let Some((x, y)) = places.clone().next_back() else {
        return Ok(());
    };
    writeln!(
        out,
        "<text text-anchor='end' style='fill:{color};font-weight:600' x='{x:.1}' y='{:.1}'>{}</text>",
        y + 20.0,
        series.name
    )
}

fn draw(out: &mut String, panels: &[Panel]) -> std::fmt::Result {
    let rows = f64::from(u32::try_from(panels.len().div_ceil(2)).unwrap_or(1));
    writeln!(
        out,
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {:.0} {:.0}' role='img' aria-label='How cost grows with the number of leaves'><style>{STYLE}</style>",
        2.0 * WIDTH,
        rows * HEIGHT
    )?;
    for (n, panel) in (0_u32..).zip(panels) {
        let corner = (f64::from(n % 2) * WIDTH, f64::from(n / 2) * HEIGHT);
        let points = || {
            panel
                .series
                .iter()
                .flat_map(|series| series.points.iter().copied())
        };
        let x = Axis::around(points().map(|point| point.0), ROOM.0, WIDTH - ROOM.2);
        let y = Axis::around(points().map(|point| point.1), HEIGHT - ROOM.3, ROOM.1);
        writeln!(
            out,
            "<g transform='translate({:.0} {:.0})'>",
            corner.0, corner.1
        )?;
        axes(out, panel, x, y)?;
        for (series, color) in panel.series.iter().zip(COLORS) {
            line(out, series, color, x, y)?;
        }
        writeln!(out, "</g>")?;
    }
    writeln!(out, "</svg>")
}

/// The panels, two in a row.
pub(crate) fn svg(panels: &[Panel]) -> String {
    let mut out = String::new();
    draw(&mut out, panels).expect("a String takes all");
    out
}
