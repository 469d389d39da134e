// Start: read the layers, then open the map; or say why not.
import 'maplibre-gl/dist/maplibre-gl.css';
import './css/base.css';
import './css/sidebar.css';
import './css/answer.css';
import './css/map.css';
import { fetchCatalogue, fetchStyle, fetchStyles } from './api';
import { Design } from './design';
import { readHash } from './hash';
import { chosenStyle, openScreen } from './screen';
import { emptyNotice, errorNotice, loadingNotice } from './ui/notice';

async function start(): Promise<void> {
  const container = document.getElementById('map') as HTMLElement;
  const screen = document.getElementById('screen') as HTMLElement;
  screen.replaceChildren(loadingNotice());
  try {
    const [catalogue, styles] = await Promise.all([fetchCatalogue(), fetchStyles()]);
    const design = new Design(await fetchStyle(chosenStyle(styles, readHash(location.hash).style)));
    if (catalogue.collections.length === 0) screen.replaceChildren(emptyNotice());
    else openScreen(container, screen, catalogue, styles, design);
  } catch (error) {
    console.error(error);
    screen.replaceChildren(errorNotice(error, () => void start()));
  }
}

void start();
