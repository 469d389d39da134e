// Start: read the layers, then open the map; or say why not.
import 'maplibre-gl/dist/maplibre-gl.css';
import './css/base.css';
import './css/sidebar.css';
import './css/answer.css';
import './css/map.css';
import { fetchCatalogue } from './api';
import { openScreen } from './screen';
import { emptyNotice, errorNotice, loadingNotice } from './ui/notice';

async function start(): Promise<void> {
  const container = document.getElementById('map') as HTMLElement;
  const screen = document.getElementById('screen') as HTMLElement;
  screen.replaceChildren(loadingNotice());
  try {
    const catalogue = await fetchCatalogue();
    if (catalogue.collections.length === 0) screen.replaceChildren(emptyNotice());
    else openScreen(container, screen, catalogue);
  } catch (error) {
    console.error(error);
    screen.replaceChildren(errorNotice(error, () => void start()));
  }
}

void start();
